// Dawn for Node: the WebGPU implementation of Chromium, on the GPU of this machine.
import { create, globals } from 'webgpu';

// Dawn stops when its instance is collected, so it is held here.
let instance;

/** The `navigator.gpu` of Node; also defines WebGPU's globals (GPUBufferUsage, …). */
export function openDawn(options = []) {
  Object.assign(globalThis, globals);
  // Matrix units are an experiment, and NVIDIA's f16 that they need another; kernels that use neither are as they were. Timestamps come rounded to 65 µs otherwise, as pages get them: more than most kernels take.
  instance ??= create([
    ...options.filter(Boolean),
    'enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia',
    'disable-dawn-features=timestamp_quantization',
  ]);
  return instance;
}

import type { Engine, EngineBuilder } from '../../sdk/backends/engine.ts';
import { createReferenceEngineBuilder } from '../../sdk/backends/reference/index.ts';
import { createWasmEngineBuilder } from '../../sdk/backends/wasm/index.ts';
import {
  createWebGpuEngineBuilder,
  type WebGpuEngine,
  type WebGpuEngineOptions,
} from '../../sdk/backends/webgpu/index.ts';
import type { ModelConfig } from '../../sdk/model/config.ts';
import type { Dtype } from '../../sdk/model/dtype.ts';
import type { TensorPart } from '../../sdk/model/tensor.ts';
import { openCheckpoint } from '../../sdk/testing/open-checkpoint.ts';
import { randomTensors, roundTensors } from './random-model.ts';

async function finish<B extends EngineBuilder>(
  builder: B,
  tensors: Iterable<TensorPart> | AsyncIterable<TensorPart>,
): Promise<Awaited<ReturnType<B['finish']>>> {
  for await (const part of tensors) await builder.setTensor(part);
  return (await builder.finish()) as Awaited<ReturnType<B['finish']>>;
}

/** A WebGPU engine with random weights, of which one has other values. */
export async function webGpuEngine(
  config: ModelConfig,
  options: Partial<WebGpuEngineOptions> = {},
  seed = 1,
  [changed, change]: readonly [name: string, change: (data: Float32Array) => void] = ['', () => {}],
): Promise<WebGpuEngine> {
  function* tensors(): Generator<TensorPart> {
    for (const part of randomTensors(config, seed)) {
      if (part.name === changed) change(part.data);
      yield part;
    }
  }
  const builder = await createWebGpuEngineBuilder(config, { dtype: 'f32', ...options });
  try {
    return await finish(builder, tensors());
  } catch (error) {
    builder.dispose();
    throw error;
  }
}

/** The reference with the same weights, rounded as `dtype` rounds them. */
export async function referenceEngine(config: ModelConfig, seed = 1, dtype: Dtype = 'f32'): Promise<Engine> {
  return finish(
    await createReferenceEngineBuilder(config, { dtype: 'f32' }),
    roundTensors(randomTensors(config, seed), dtype),
  );
}

/** A checkpoint of the repository on WebGPU. */
export async function loadCheckpoint(
  path: string,
  dtype: Dtype = 'f32',
  options: Partial<WebGpuEngineOptions> = {},
): Promise<WebGpuEngine> {
  const checkpoint = await openCheckpoint(new URL(path, location.href).href, { cache: false });
  return finish(await createWebGpuEngineBuilder(checkpoint.config, { dtype, ...options }), checkpoint.tensors());
}

/** The same on the plain engine. */
export async function referenceCheckpoint(path: string): Promise<Engine> {
  const checkpoint = await openCheckpoint(new URL(path, location.href).href, { cache: false });
  return finish(await createReferenceEngineBuilder(checkpoint.config, { dtype: 'f32' }), checkpoint.tensors());
}

/** The same on the CPU's engine. */
export async function cpuCheckpoint(path: string): Promise<Engine> {
  const checkpoint = await openCheckpoint(new URL(path, location.href).href, { cache: false });
  return finish(await createWasmEngineBuilder(checkpoint.config, { dtype: 'f32' }), checkpoint.tensors());
}

/** A source of devices whose bindings hold no more than `bytes`, as if the adapter were that small. */
export function limitBindings(bytes: number): GPU {
  const gpu = navigator.gpu;
  return {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = await gpu.requestAdapter(options);
      const requestDevice = adapter?.requestDevice.bind(adapter);
      if (!adapter || !requestDevice) return null;
      adapter.requestDevice = async (descriptor?: GPUDeviceDescriptor) => {
        const device = await requestDevice(descriptor);
        const limits = new Proxy(device.limits, {
          get: (target, name) => (name === 'maxStorageBufferBindingSize' ? bytes : Reflect.get(target, name, target)),
        });
        Object.defineProperty(device, 'limits', { value: limits });
        return device;
      };
      return adapter;
    },
  } as GPU;
}

/** 'CODE: message' of what `run` throws. */
export async function failure(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'no error';
  } catch (error) {
    const { code, name, message } = error as { code?: unknown; name: string; message: string };
    return `${typeof code === 'string' ? code : name}: ${message}`;
  }
}

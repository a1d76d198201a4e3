import { probeWebGpu } from '../backends/webgpu/probe-webgpu.ts';
import type { CreateExecutor } from './executor.ts';

export type TrainingBackend = 'webgpu' | 'wasm';

/** Backends in the order to try them: a GPU first where there is a real one, since emulated ones are slower than the CPU itself. */
export async function trainingBackends(wanted: 'auto' | TrainingBackend): Promise<readonly TrainingBackend[]> {
  if (wanted !== 'auto') return [wanted];
  const gpu = await probeWebGpu();
  return gpu && !gpu.isFallbackAdapter ? ['webgpu', 'wasm'] : ['wasm'];
}

/** Makes executors, with code that comes when it is needed. */
export const executors: Readonly<Record<TrainingBackend, CreateExecutor>> = {
  async webgpu(plan, options) {
    const { createWebGpuExecutor } = await import('./webgpu/index.ts');
    return createWebGpuExecutor(plan, options);
  },
  async wasm(plan, options) {
    const { createWasmExecutor } = await import('./wasm/index.ts');
    return createWasmExecutor(plan, options);
  },
};

import { canChoose, type Engine, type EngineBuilder, type EngineOptions } from '../backends/engine.ts';
import { RecoveringEngine } from '../backends/recovering-engine.ts';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import { createWebGpuEngineBuilder, probeWebGpu } from '../backends/webgpu/index.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../model/config.ts';
import { warn } from '../platform/warn.ts';
import { recall, remember } from './backend-memory.ts';
import { chooseBackend } from './choose-backend.ts';
import { engineOptions } from './engine-options.ts';
import type { Backend, LocalLoadOptions } from './load-options.ts';
import { measureStep } from './measure-backend.ts';

// The one door to both backends. sdk/worker/wasm-only has its like, for the worker of pages without WebGPU.

/** The backends in the order to try them. */
export async function backendsToTry(checkpoint: Checkpoint, options: LocalLoadOptions): Promise<Backend[]> {
  if (options.backend !== 'auto') return [options.backend];
  return chooseBackend(checkpoint.config, options.dtype === 'auto' ? (checkpoint.dtype ?? 'auto') : options.dtype, {
    adapterName: async () => {
      const gpu = await probeWebGpu();
      return gpu && !gpu.isFallbackAdapter ? [gpu.vendor, gpu.architecture, gpu.description].join(' ') : undefined;
    },
    stepMs: (backend, config) => {
      const create = (of: ModelConfig, engine: EngineOptions): Promise<EngineBuilder> =>
        createEngineBuilder(backend, of, engine);
      const step = measureStep(create, { ...config, head: undefined }, engineOptions(backend, options, checkpoint));
      step.catch((error) => tellFailure(backend, error));
      return step;
    },
    recall,
    remember,
  });
}

/** An empty engine that takes a model's weights. */
export function createEngineBuilder(
  backend: Backend,
  config: ModelConfig,
  options: EngineOptions,
): Promise<EngineBuilder> {
  return (backend === 'webgpu' ? createWebGpuEngineBuilder : createWasmEngineBuilder)(config, options);
}

/** The engine, made to survive the loss of its device where it has one. `build` makes it anew. */
export function recovering(
  engine: Engine,
  wanted: LocalLoadOptions['backend'],
  build: (backend: Backend, signal?: AbortSignal) => Promise<Engine>,
): Engine {
  if (!canChoose(engine)) return engine;
  return new RecoveringEngine(engine, (signal) => {
    const gpu = build('webgpu', signal);
    if (wanted !== 'auto') return gpu;
    // A page that is cut off from its GPU (a crash, a reset) can be so for good.
    return gpu.catch(() => {
      signal?.throwIfAborted();
      return build('wasm', signal);
    });
  });
}

/** For the developer: a backend that was to be tried does not work here, and why. */
export function tellFailure(backend: Backend, error: unknown): void {
  warn(`gptlet: backend '${backend}' failed. ${String(error)}`);
}

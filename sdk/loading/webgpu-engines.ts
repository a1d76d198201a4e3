import { type CreateEngineBuilder, canChoose } from '../backends/engine.ts';
import { RecoveringEngine } from '../backends/recovering-engine.ts';
import { probeWebGpu } from '../backends/webgpu/probe-webgpu.ts';
import { recall, remember } from './backend-memory.ts';
import { chooseBackend } from './choose-backend.ts';
import { engineOptions } from './engine-options.ts';
import { builderOf, type WebGpuEngines } from './engines.ts';
import { measureStep } from './measure-backend.ts';

/** Puts around a builder of WebGPU engines what choosing and keeping one takes. */
export const webGpuEngines = (create: CreateEngineBuilder): WebGpuEngines => ({
  create,

  choose(checkpoint, options, engines, onFailure) {
    return chooseBackend(checkpoint.config, options.dtype === 'auto' ? (checkpoint.dtype ?? 'auto') : options.dtype, {
      adapterName: async () => {
        const gpu = await probeWebGpu();
        return gpu && !gpu.isFallbackAdapter ? [gpu.vendor, gpu.architecture, gpu.description].join(' ') : undefined;
      },
      stepMs: (backend, config) => {
        const shape = { ...config, head: undefined };
        const step = measureStep(builderOf(backend, engines), shape, engineOptions(backend, options, checkpoint));
        step.catch((error) => onFailure(backend, error));
        return step;
      },
      recall,
      remember,
    });
  },

  recover(engine, wanted, build) {
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
  },
});

import type { ModelConfig } from '../../model/config.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import type { EngineBuilder, EngineOptions } from '../engine.ts';
import { missingPart } from '../missing-part.ts';
import { acquireDevice, releaseDevice } from './acquire-device.ts';
import { Buffers, KvSlot } from './buffers.ts';
import { roundUp } from './dimensions.ts';
import type { DeviceOptions, GpuDevice } from './gpu-device.ts';
import { KernelFactory } from './kernel-factory.ts';
import { rowBytes } from './pack-rows.ts';
import { Planner, prefillSteps } from './plan.ts';
import { WebGpuEngine, type WebGpuPasses } from './webgpu-engine.ts';
import { Weights } from './weights.ts';

/** {@link EngineOptions} and what tests and benchmarks set besides. */
export interface WebGpuEngineOptions extends EngineOptions, DeviceOptions {
  /** Most tokens of one chunk of a prefill; rounded up to a multiple of 32. @default 512, or 64 on a software adapter */
  readonly chunk?: number;
  /** Workgroups that share a head's context while decoding. @default 4 from 128 tokens of context on, else 1; 1 on a software adapter */
  readonly splits?: number;
}

/** What a WebGPU engine may have beside single passes over weights in floats or of quantised files. */
export interface WebGpuParts extends WebGpuPasses {
  /** For weights in q8 or q4 that are not quantised yet. */
  readonly quantiser?: () => Promise<QuantiseRows>;
}

/** Makes builders of WebGPU engines. */
export type CreateWebGpuEngineBuilder = (
  config: ModelConfig,
  options: WebGpuEngineOptions,
) => Promise<EngineBuilder & { finish(): Promise<WebGpuEngine> }>;

/** The WebGPU engine: GPU memory is there before the first weight comes, and shaders compile while they do. */
export const webGpuBackend =
  (parts: WebGpuParts): CreateWebGpuEngineBuilder =>
  async (config, options) => {
    const { dtype } = options;
    const shapes = weightShapes(config);
    const largestBinding = Math.max(
      ...shapes.map(({ rows, columns }) => roundUp(rows, 32) * rowBytes(dtype, roundUp(columns, 32))),
    );
    const gpu = await acquireDevice(options, largestBinding);
    try {
      const roughly = shapes.reduce((sum, { rows, columns }) => sum + rows * rowBytes(dtype, columns), 0);
      const { quantiser = async () => missingPart('what quantises weights') } = parts;
      const make = (): Weights => new Weights(gpu.device, config, dtype, quantiser);
      const weights = await gpu.allocate(roughly, 'the weights', make);
      let open = true;
      return {
        async setTensor(part) {
          gpu.check();
          await weights.set(part);
        },
        async finish() {
          const engine = await finishEngine(gpu, config, options, weights, parts);
          open = false;
          return engine;
        },
        dispose() {
          if (!open) return;
          open = false;
          weights.destroy();
          releaseDevice(gpu);
        },
      };
    } catch (error) {
      releaseDevice(gpu);
      throw error;
    }
  };

async function finishEngine(
  gpu: GpuDevice,
  config: ModelConfig,
  options: WebGpuEngineOptions,
  weights: Weights,
  passes: WebGpuPasses,
): Promise<WebGpuEngine> {
  const { dtype, splits = config.nCtx >= 128 && !gpu.software ? 4 : 1 } = options;
  const { dimensions } = weights;
  const chunk = Math.min(roundUp(options.chunk ?? (gpu.software ? 64 : 512), 32), roundUp(config.nCtx, 32));
  const kvBytes = config.nLayer * 2 * config.nCtx * dimensions.A * 4;
  const { buffers, firstSlot } = await gpu.allocate(kvBytes, 'the KV cache', () => ({
    buffers: new Buffers(gpu.device, config, dimensions, chunk, splits),
    firstSlot: new KvSlot(gpu.device, config, dimensions, dtype),
  }));
  try {
    const kernels = new KernelFactory(config, dimensions, dtype, gpu, buffers.run);
    const planner = new Planner(config, weights, buffers, kernels, splits);
    const slot = planner.slot(firstSlot);
    const drafts = [...Object.values(planner.shared()).flat(), ...slot.decode, ...prefillSteps(slot)];
    await gpu.kernels.compile(drafts.map(({ kernel }) => kernel));
    // What the queue had to say about the uploads comes before the first token, not with it.
    await gpu.idle();
    return new WebGpuEngine({ gpu, config, dtype, weights, buffers, planner, chunk, firstSlot }, passes);
  } catch (error) {
    buffers.destroy();
    firstSlot.destroy();
    throw error;
  }
}

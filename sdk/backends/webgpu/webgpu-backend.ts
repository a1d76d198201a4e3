import type { ModelConfig } from '../../model/config.ts';
import { type TensorPart, weightShapes } from '../../model/tensor.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import type { EngineBuilder, EngineOptions } from '../engine.ts';
import { missingPart } from '../missing-part.ts';
import { acquireDevice, releaseDevice } from './acquire-device.ts';
import { Buffers, KvSlot } from './buffers.ts';
import { roundUp } from './dimensions.ts';
import type { DeviceOptions, GpuDevice } from './gpu-device.ts';
import { KernelFactory } from './kernel-factory.ts';
import { rowBytes } from './pack-rows.ts';
import { Planner } from './plan.ts';
import { type EnginePasses, WebGpuEngine } from './webgpu-engine.ts';
import { Weights } from './weights.ts';

/** {@link EngineOptions} and what tests and benchmarks set besides. */
export interface WebGpuEngineOptions extends EngineOptions, DeviceOptions {
  /** Most tokens of one chunk of a prefill; rounded up to a multiple of 32. @default 512, or 64 on a software adapter */
  readonly chunk?: number;
  /** Workgroups that share a head's context while decoding. @default 4 from 128 tokens of context on, else 1; 1 on a software adapter */
  readonly splits?: number;
}

/** What a WebGPU engine may have beside single passes over weights in floats or of quantised files. */
export interface WebGpuParts extends EnginePasses {
  /** For weights in q8 or q4 that are not quantised yet. */
  readonly quantiser?: () => Promise<QuantiseRows>;
}

/** Makes builders of WebGPU engines. */
export type CreateWebGpuEngineBuilder = (
  config: ModelConfig,
  options: WebGpuEngineOptions,
) => Promise<WebGpuEngineBuilder>;

/** The WebGPU engine: GPU memory is there before the first weight comes, and shaders compile while they do. */
export const webGpuBackend =
  (parts: WebGpuParts): CreateWebGpuEngineBuilder =>
  (config, options) =>
    createBuilder(parts, config, options);

async function createBuilder(
  parts: WebGpuParts,
  config: ModelConfig,
  options: WebGpuEngineOptions,
): Promise<WebGpuEngineBuilder> {
  const { dtype } = options;
  const largestBinding = Math.max(
    ...weightShapes(config).map(({ rows, columns }) => roundUp(rows, 32) * rowBytes(dtype, roundUp(columns, 32))),
  );
  const gpu = await acquireDevice(options, { largestBinding });
  try {
    const roughly = weightShapes(config).reduce((sum, { rows, columns }) => sum + rows * rowBytes(dtype, columns), 0);
    const weights = await gpu.allocate(roughly, 'the weights', () => {
      const { quantiser = async () => missingPart('what quantises weights') } = parts;
      return new Weights(gpu.device, config, dtype, quantiser);
    });
    return new WebGpuEngineBuilder(gpu, config, options, weights, parts);
  } catch (error) {
    releaseDevice(gpu);
    throw error;
  }
}

/** See {@link webGpuBackend}. */
export class WebGpuEngineBuilder implements EngineBuilder {
  readonly #gpu: GpuDevice;
  readonly #config: ModelConfig;
  readonly #options: WebGpuEngineOptions;
  readonly #weights: Weights;
  readonly #passes: EnginePasses;
  #open = true;

  constructor(
    gpu: GpuDevice,
    config: ModelConfig,
    options: WebGpuEngineOptions,
    weights: Weights,
    passes: EnginePasses,
  ) {
    this.#gpu = gpu;
    this.#config = config;
    this.#options = options;
    this.#weights = weights;
    this.#passes = passes;
  }

  async setTensor(part: TensorPart): Promise<void> {
    this.#gpu.check();
    await this.#weights.set(part);
  }

  async finish(): Promise<WebGpuEngine> {
    const config = this.#config;
    const gpu = this.#gpu;
    const weights = this.#weights;
    const { dtype, splits = config.nCtx >= 128 && !gpu.software ? 4 : 1 } = this.#options;
    const { dimensions } = weights;
    const chunk = Math.min(roundUp(this.#options.chunk ?? (gpu.software ? 64 : 512), 32), roundUp(config.nCtx, 32));
    const kvBytes = config.nLayer * 2 * config.nCtx * dimensions.A * 4;
    const { buffers, firstSlot } = await gpu.allocate(kvBytes, 'the KV cache', () => ({
      buffers: new Buffers(gpu.device, config, dimensions, chunk, splits),
      firstSlot: new KvSlot(gpu.device, config, dimensions, dtype),
    }));
    try {
      const planner = new Planner(
        config,
        weights,
        buffers,
        new KernelFactory(config, dimensions, dtype, gpu, buffers.run),
        splits,
      );
      const shared = planner.shared();
      const slot = planner.slot(firstSlot);
      const drafts = [
        ...Object.values(shared).flat(),
        ...slot.decode,
        ...slot.prefill.flatMap(({ enter, rest }) => [...enter, ...rest]),
      ];
      await gpu.kernels.compile(drafts.map(({ kernel }) => kernel));
      // What the queue had to say about the uploads comes before the first token, not with it.
      await gpu.idle();
      this.#open = false;
      return new WebGpuEngine({ gpu, config, dtype, weights, buffers, planner, chunk, firstSlot }, this.#passes);
    } catch (error) {
      buffers.destroy();
      firstSlot.destroy();
      throw error;
    }
  }

  dispose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#weights.destroy();
    releaseDevice(this.#gpu);
  }
}

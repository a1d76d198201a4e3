import type { ModelConfig } from '../../model/config.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import type { EngineBuilder, EngineOptions } from '../engine.ts';
import { missingPart } from '../missing-part.ts';
import { acquireDevice, releaseDevice } from './acquire-device.ts';
import { Buffers } from './buffers.ts';
import { cacheLayout, planContext, firstCapacity as usualCapacity, wantedBinding } from './cache-layout.ts';
import { planDimensions, roundUp } from './dimensions.ts';
import type { FamilyParts } from './family-parts.ts';
import type { DeviceOptions, GpuDevice } from './gpu-device.ts';
import { KernelFactory } from './kernel-factory.ts';
import type { LoadRareShaders } from './kernels.ts';
import { kernelsOf } from './kernels-of.ts';
import { KvSlot } from './kv-slot.ts';
import { headsTogether, MixerKernels } from './mixer-kernels.ts';
import { rowBytes } from './pack-rows.ts';
import { Planner, prefillSteps } from './plan.ts';
import { WebGpuEngine, type WebGpuPasses } from './webgpu-engine.ts';
import { Weights } from './weights.ts';

const usualChunk = 512;
const usualSoftwareChunk = 64;

/** {@link EngineOptions} and what tests and benchmarks set besides. */
export interface WebGpuEngineOptions extends EngineOptions, DeviceOptions {
  /** Most tokens of one chunk of a prefill; rounded up to a multiple of 32. @default 512, or 64 on a software adapter */
  readonly chunk?: number;
  /** Workgroups that share a head's context while decoding. @default 4 from 128 tokens of context on, up to 16 beyond 4,096, else 1; 1 on a software adapter */
  readonly splits?: number;
  /** Positions that the KV cache has room for at first. @default 1,024 */
  readonly firstCapacity?: number;
}

/** What a WebGPU engine may have beside single passes over weights in floats or of quantised files. */
export interface WebGpuParts extends WebGpuPasses {
  readonly loadRareShaders: LoadRareShaders;
  readonly families?: FamilyParts;
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
  async (given, options) => {
    const { dtype, contextLength } = options;
    const shapes = weightShapes(given);
    const wanted = cacheLayout(given, planDimensions(given), dtype, options.chunk ?? usualChunk);
    const largestBinding = Math.max(
      wantedBinding(given, wanted, contextLength),
      ...shapes.map(({ rows, columns }) => roundUp(rows, 32) * rowBytes(dtype, roundUp(columns, 32))),
    );
    const gpu = await acquireDevice(options, largestBinding);
    try {
      const { maxStorageBufferBindingSize, maxBufferSize } = gpu.device.limits;
      const nCtx = planContext(given, wanted, contextLength, Math.min(maxStorageBufferBindingSize, maxBufferSize));
      const config = { ...given, nCtx };
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
  parts: WebGpuParts,
): Promise<WebGpuEngine> {
  const { dtype, firstCapacity, splits = gpu.software ? 1 : usualSplits(config) } = options;
  const { dimensions } = weights;
  const chunk = Math.min(
    roundUp(options.chunk ?? (gpu.software ? usualSoftwareChunk : usualChunk), 32),
    roundUp(config.nCtx, 32),
  );
  const layout = cacheLayout(config, dimensions, dtype, chunk);
  const bytes = layout.reduce((sum, { rowBytes, kinds, most }) => sum + rowBytes * kinds * most, 0);
  const { buffers, firstSlot, rotary } = await gpu.allocate(bytes, 'the KV cache', () => ({
    buffers: new Buffers(gpu.device, config, dimensions, chunk, splits),
    firstSlot: new KvSlot(gpu, layout, firstCapacity),
    rotary: parts.families?.rotary(gpu, config),
  }));
  try {
    const setting = { config, dimensions, dtype, traits: gpu, run: buffers.run };
    const [kernels, mixers] = [new KernelFactory(setting), new MixerKernels(setting)];
    const families = parts.families?.kernels(setting);
    const planner = new Planner({ config, weights, buffers, rotary, families, kernels, mixers, splits });
    await rotary?.reach(Math.min(config.nCtx, firstCapacity ?? usualCapacity));
    const slot = planner.slot(firstSlot.layers);
    const drafts = [...Object.values(planner.shared()).flat(), ...slot.decode, ...prefillSteps(slot)];
    const { loadRareShaders } = parts;
    await kernelsOf(gpu.device).compile(
      drafts.map(({ kernel }) => kernel),
      loadRareShaders,
    );
    // What the queue had to say about the uploads comes before the first token, not with it.
    await gpu.idle();
    const sizes = { config, dtype, chunk, layout, firstCapacity };
    return new WebGpuEngine({ ...sizes, gpu, weights, buffers, planner, loadRareShaders, rotary, firstSlot }, parts);
  } catch (error) {
    for (const owner of [buffers, firstSlot, rotary]) owner?.destroy();
    throw error;
  }
}

/** Four, and in long contexts so many that some 48 workgroups share the work, where a model has few heads. */
function usualSplits({ nCtx, nHead, nKvHead }: ModelConfig): number {
  if (nCtx <= 4096) return nCtx < 128 ? 1 : 4;
  const groups = nHead / headsTogether(nHead / nKvHead);
  return Math.max(4, Math.min(16, Math.floor(48 / groups)));
}

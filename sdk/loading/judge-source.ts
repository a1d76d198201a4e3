import { probeWebGpu } from '../backends/webgpu/probe-webgpu.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';
import type { Dtype } from '../model/dtype.ts';
import { engineOptions } from './engine-options.ts';
import type { Backend, ResolvedLoadOptions } from './load-options.ts';
import { memoryNeeds } from './memory-needs.ts';
import { openCheckpointAt } from './open-checkpoint-at.ts';
import { ownSurroundings } from './own-surroundings.ts';

/** Whether, and how, a model would run here. */
export interface CanRun {
  readonly runs: boolean;
  /** Why not, and what would help. */
  readonly why?: string;
  /** Of all weight files; 0 where the checkpoint cannot be understood. */
  readonly downloadBytes: number;
  /** Weights, and a KV cache of a sequence of `contextLength` tokens, or of 2,048 where that is not given and the model has more. */
  readonly memoryBytes: number;
  /** Where it would run, were there no measurement to choose by: `'auto'` is WebGPU where there is a real one. */
  readonly backend: Backend;
  readonly dtype: Dtype;
}

/** Tokens that a page is likely to use at once. */
const usualTokens = 2048;
/** What WebAssembly can address. */
const wasmBytes = 2 ** 32;

const cannotRun: ReadonlySet<GptletErrorCode> = /* @__PURE__ */ new Set<GptletErrorCode>([
  'UNSUPPORTED_MODEL',
  'BAD_CHECKPOINT',
]);

/** What `canRun` answers; see there. */
export async function judgeSource(source: ModelSource, options: ResolvedLoadOptions): Promise<CanRun> {
  const gpu = options.backend === 'wasm' ? null : await probeWebGpu();
  const hasGpu = gpu !== null && (options.backend === 'webgpu' || !gpu.isFallbackAdapter);
  const backend: Backend = options.backend === 'webgpu' || hasGpu ? 'webgpu' : 'wasm';
  try {
    // What is looked at is not kept: whoever loads it keeps it.
    const checkpoint = await openCheckpointAt(source, { ...options, cache: false }, ownSurroundings());
    const { config, totalBytes: downloadBytes } = checkpoint;
    const { dtype } = engineOptions(backend, options, checkpoint);
    const tokens = options.contextLength ?? Math.min(config.nCtx, usualTokens);
    const { weights, kvCache } = memoryNeeds(config, backend, dtype, tokens);
    const memoryBytes = weights + kvCache;
    const why =
      backend === 'webgpu' && gpu === null
        ? "There is no WebGPU here. Use backend 'wasm'."
        : tooLarge(memoryBytes, backend, dtype);
    return { runs: why === undefined, ...(why && { why }), downloadBytes, memoryBytes, backend, dtype };
  } catch (error) {
    if (!GptletError.isInstance(error) || !cannotRun.has(error.code)) throw error;
    const dtype = options.dtype === 'auto' ? (backend === 'webgpu' ? 'f16' : 'q8') : options.dtype;
    return { runs: false, why: error.message, downloadBytes: 0, memoryBytes: 0, backend, dtype };
  }
}

function tooLarge(bytes: number, backend: Backend, dtype: Dtype): string | undefined {
  // In gigabytes, rounded to a power of two, at most 8, and only in some browsers.
  const device = (globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory;
  const gigabytes = (bytes / 1e9).toFixed(1);
  const smaller = dtype === 'q4' ? 'Take a smaller model.' : "Load it with dtype 'q4', or take a smaller model.";
  if (backend === 'wasm' && bytes > wasmBytes)
    return `It needs ${gigabytes} GB as ${dtype}, and WebAssembly memory ends at 4.3 GB. ${smaller}`;
  if (device && device < 8 && bytes > device * 0.75 * 2 ** 30)
    return `It needs ${gigabytes} GB as ${dtype}, and this machine has about ${device} GB in all. ${smaller}`;
  return undefined;
}

import { type CacheBuffers, type KernelSetting, kvKind, lanes, reduceRows } from './kernel-factory.ts';
import type { StepDraft } from './kernels.ts';
import type { RotaryTable } from './rotary-tables.ts';
import type { Linear } from './weights.ts';

/** Writes the drafts of what mixes tokens in families after the papers', besides attention. */
export class FamilyKernels {
  readonly #s: KernelSetting;
  readonly #kv: string;

  constructor(setting: KernelSetting) {
    this.#s = setting;
    this.#kv = kvKind(setting.dtype);
  }

  /** Norms of queries and keys, how they turn, and the way of keys and values into the cache. */
  heads(
    { params, bias, matrix }: Linear,
    table: RotaryTable | undefined,
    cache: CacheBuffers,
    y: GPUBuffer,
  ): StepDraft {
    const { config, dimensions, traits, run } = this.#s;
    const { nHead, nKvHead, headSize, queryKeyNorm, normEpsilon } = config;
    const { A, KV, HS } = dimensions;
    const joint = queryKeyNorm === 'joint';
    const [queries, keys] = joint ? [1, 1] : [nHead, nKvHead];
    return {
      kernel: {
        name: 'heads',
        parts: [
          ...['run', 'params', 'settings', `kv-write-${this.#kv}`, reduceRows(traits)],
          table ? 'turn-rotary' : 'turn-none',
        ],
        constants: {
          ...{ A, KV, HS, WG: traits.software ? 1 : lanes },
          NORM: { none: 0, head: 1, joint: 2 }[queryKeyNorm],
          EPSILON: normEpsilon,
          QUERY_GROUPS: queries,
          QUERY_COUNT: (nHead * headSize) / queries,
          KEY_COUNT: (nKvHead * headSize) / keys,
          QUERY_GAIN: bias + matrix.N,
          KEY_GAIN: bias + matrix.N + A,
          ...(table && { TURNED: table.width }),
        },
      },
      buffers: {
        ...{ run, params, y, settings: cache.settings, kv_cache: cache.buffer },
        ...(table && { turns: table.buffer }),
      },
      size: (T) => [queries + keys, 1, T],
    };
  }

  /** A short convolution over what a slot holds, from gates (T, 3 C) to y (T, C). */
  convolution(params: GPUBuffer, x: GPUBuffer, cache: CacheBuffers, y: GPUBuffer): StepDraft {
    const { config, dimensions, run } = this.#s;
    const { C } = dimensions;
    return {
      kernel: {
        name: 'convolution',
        parts: ['run', 'params', 'settings', `kv-write-${this.#kv}`],
        constants: { K: C, SIZE: config.convolutionSize, WG: lanes },
      },
      buffers: { run, params, x, y, settings: cache.settings, kv_cache: cache.buffer },
      size: (T) => [Math.ceil(C / 4 / lanes), T, 1],
    };
  }
}

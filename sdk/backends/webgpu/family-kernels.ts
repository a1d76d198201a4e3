import { type CacheBuffers, type KernelSetting, kvKind, lanes, reduceRows } from './kernel-factory.ts';
import type { StepDraft } from './kernels.ts';
import type { QueryParts } from './mixer-kernels.ts';
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
  heads(linear: Linear, table: RotaryTable | undefined, cache: CacheBuffers, y: GPUBuffer): StepDraft {
    const { config, dimensions, traits } = this.#s;
    const { nHead, nKvHead, queryKeyNorm } = config;
    const joint = queryKeyNorm === 'joint';
    const [queries, keys] = joint ? [1, 1] : [nHead, nKvHead];
    const { parts, constants, buffers } = this.queries(linear, table, cache);
    const { A, KV, HS } = dimensions;
    return {
      kernel: {
        name: 'heads',
        parts: [...parts, 'run', 'settings', reduceRows(traits)],
        constants: { ...constants, A, KV, HS, QUERY_GROUPS: queries, WG: traits.software ? 1 : lanes },
      },
      buffers: { ...buffers, y, run: this.#s.run, settings: cache.settings, kv_cache: cache.buffer },
      size: (T) => [queries + keys, 1, T],
    };
  }

  /** What a kernel needs beside the cache to make queries and keys of what a qkv layer left. */
  queries({ params, bias, matrix }: Linear, table: RotaryTable | undefined, cache: CacheBuffers): QueryParts {
    const { config, dimensions } = this.#s;
    const { nHead, nKvHead, headSize, queryKeyNorm, normEpsilon } = config;
    const joint = queryKeyNorm === 'joint';
    return {
      parts: ['params', `kv-write-${this.#kv}`, table ? 'turn-rotary' : 'turn-none'],
      constants: {
        NORM: { none: 0, head: 1, joint: 2 }[queryKeyNorm],
        EPSILON: normEpsilon,
        QUERY_COUNT: joint ? nHead * headSize : headSize,
        KEY_COUNT: joint ? nKvHead * headSize : headSize,
        QUERY_GAIN: bias + matrix.N,
        KEY_GAIN: bias + matrix.N + dimensions.A,
        ...(table && { TURNED: table.width }),
      },
      buffers: { params, kv_cache: cache.buffer, ...(table && { turns: table.buffer }) },
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

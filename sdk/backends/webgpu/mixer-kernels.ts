import { type Buffers, mostCandidates } from './buffers.ts';
import {
  type CacheBuffers,
  capped,
  type KernelSetting,
  kvKind,
  lanes,
  manyLanes,
  reduce,
  reduceRows,
} from './kernel-factory.ts';
import type { StepDraft } from './kernels.ts';
import type { RotaryTable } from './rotary-tables.ts';
import type { Linear } from './weights.ts';

/** Most query heads of one workgroup of attention.wgsl: their scores fill half of the memory that every device grants. */
const mostHeads = 8;

/** Writes the drafts of what is no linear layer: what mixes tokens, and what chooses among logits. */
export class MixerKernels {
  readonly #s: KernelSetting;
  readonly #kv: string;

  constructor(setting: KernelSetting) {
    this.#s = setting;
    this.#kv = kvKind(setting.dtype);
  }

  /** Attention of T tokens over a slot's KV cache, each head's context shared by `splits` workgroups. Rows of q are `Q` wide. */
  attention(cache: CacheBuffers, { q, stats, mixed }: Buffers, Q: number, splits: number): StepDraft {
    const { config, dimensions, traits, run } = this.#s;
    const { nHead, nKvHead, attentionSoftCap } = config;
    const { A, KV, HS } = dimensions;
    const cap = capped(attentionSoftCap);
    const parts = ['run', 'settings', `kv-read-${this.#kv}`, ...cap.parts];
    const shared = nHead / nKvHead;
    const constants = { A, KV, Q, HS, NH: nHead, SHARED: shared, ...cap.constants };
    const buffers = { run, settings: cache.settings, q, y: mixed, kv_cache: cache.buffer };
    if (traits.software && splits === 1) {
      return {
        kernel: { name: 'attention-direct', parts, constants },
        buffers,
        size: (T) => [Math.ceil(nHead / 4), 1, T],
      };
    }
    const heads = headsTogether(shared);
    return {
      kernel: {
        name: 'attention',
        parts: [...parts, reduce(traits)],
        constants: { ...constants, HEADS: heads, SPLITS: splits, WG: splits > 1 ? manyLanes : lanes },
      },
      buffers: { ...buffers, stats },
      size: (T) => [nHead / heads, splits, T],
    };
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

  /** Picks the largest logit and makes it the next token. */
  argmax({ logits, chosen }: Buffers): StepDraft {
    const { config, run } = this.#s;
    return {
      kernel: { name: 'argmax', parts: [], constants: { V: config.vocabSize, WG: manyLanes } },
      buffers: { run, logits, chosen },
      size: () => [1, 1, 1],
    };
  }

  /** Picks the largest logits. */
  candidates({ logits, found }: Buffers): StepDraft {
    const { config, traits } = this.#s;
    const constants = { V: config.vocabSize, COUNT: mostCandidates, WG: manyLanes };
    return {
      kernel: { name: 'candidates', parts: [reduce(traits)], constants },
      buffers: { logits, found },
      size: () => [1, 1, 1],
    };
  }
}

/** How many of the query heads that share keys and values one workgroup makes: all, or an equal part of them. */
export function headsTogether(shared: number): number {
  let heads = Math.min(shared, mostHeads);
  while (shared % heads > 0) heads--;
  return heads;
}

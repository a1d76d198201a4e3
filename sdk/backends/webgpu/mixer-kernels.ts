import { type Buffers, mostCandidates, mostListed, peaks as peakCount, peakGroups } from './buffers.ts';
import {
  argmaxGroups,
  type CacheBuffers,
  capped,
  type KernelSetting,
  kvKind,
  lanes,
  manyLanes,
  reduce,
} from './kernel-factory.ts';
import type { StepDraft } from './kernels.ts';

/** Most query heads of one workgroup of attention.wgsl: their scores fill half of the memory that every device grants. */
const mostHeads = 8;

/** Parts, constants and buffers that a kernel of attention has besides. */
export interface QueryParts {
  readonly parts: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly buffers: Readonly<Record<string, GPUBuffer>>;
}

/** Writes the drafts of attention, and of what chooses among logits. */
export class MixerKernels {
  readonly #s: KernelSetting;
  readonly #kv: string;

  constructor(setting: KernelSetting) {
    this.#s = setting;
    this.#kv = kvKind(setting.dtype);
  }

  /**
   * Attention of one token over a slot's KV cache, each head's context shared by `splits` workgroups. Rows of q are `Q` wide.
   *
   * @param own makes queries, key and value of the token first, where {@link makesQueries} says so
   */
  attention(cache: CacheBuffers, buffers: Buffers, Q: number, splits: number, own?: QueryParts): StepDraft {
    const { config, traits } = this.#s;
    if (traits.software && splits === 1) return this.#direct(cache, buffers, Q);
    const heads = headsTogether(config.nHead / config.nKvHead);
    const draft = this.#draft(cache, buffers, Q, own ? [...own.parts, 'queries-heads'] : [this.#read, 'queries-plain']);
    return {
      kernel: {
        name: 'attention',
        parts: [...draft.parts, reduce(traits)],
        constants: {
          ...draft.constants,
          ...own?.constants,
          ...{ HEADS: heads, SPLITS: splits, WG: splits > 1 ? manyLanes : lanes },
        },
      },
      buffers: { ...draft.buffers, ...own?.buffers, stats: buffers.stats },
      size: () => [config.nHead / heads, splits, 1],
    };
  }

  /** Attention of the T tokens of a chunk, whose keys and values are in the cache. */
  attentionOfMany(cache: CacheBuffers, buffers: Buffers, Q: number): StepDraft {
    const { config, traits } = this.#s;
    if (traits.software) return this.#direct(cache, buffers, Q);
    const { parts, ...draft } = this.#draft(cache, buffers, Q, [this.#read]);
    return {
      kernel: { name: 'attention-tiled', parts, constants: draft.constants },
      buffers: draft.buffers,
      size: (T) => [config.nHead, Math.ceil(T / 32), 1],
    };
  }

  /**
   * Whether attention of one token makes its queries, key and value itself: where one workgroup has all heads that share a key,
   * and workgroup memory, of which every device grants 16 KiB, has room for queries beside scores and sums.
   */
  get makesQueries(): boolean {
    const { config, dimensions, traits } = this.#s;
    const shared = config.nHead / config.nKvHead;
    return (
      !traits.software &&
      headsTogether(shared) === shared &&
      Math.max(4, shared) * 1024 + shared * dimensions.HS * 4 <= 12_288
    );
  }

  get #read(): string {
    return `kv-read-${this.#kv}`;
  }

  #direct(cache: CacheBuffers, buffers: Buffers, Q: number): StepDraft {
    const { parts, ...draft } = this.#draft(cache, buffers, Q, [this.#read]);
    return {
      kernel: { name: 'attention-direct', parts, constants: draft.constants },
      buffers: draft.buffers,
      size: (T) => [Math.ceil(this.#s.config.nHead / 4), 1, T],
    };
  }

  /** What all ways to attend have in common. */
  #draft(cache: CacheBuffers, { q, mixed }: Buffers, Q: number, more: readonly string[]): QueryParts {
    const { config, dimensions, run } = this.#s;
    const { nHead, nKvHead, attentionSoftCap } = config;
    const { A, KV, HS } = dimensions;
    const cap = capped(attentionSoftCap);
    return {
      parts: ['run', 'settings', ...cap.parts, ...more],
      constants: { A, KV, Q, HS, NH: nHead, SHARED: nHead / nKvHead, ...cap.constants },
      buffers: { run, settings: cache.settings, q, y: mixed, kv_cache: cache.buffer },
    };
  }

  /** Finds the largest logit; {@link KernelFactory.choose} makes it the next token. */
  argmax({ logits, best }: Buffers): StepDraft {
    const { config, traits } = this.#s;
    const GROUPS = argmaxGroups(traits);
    return {
      kernel: { name: 'argmax', parts: [], constants: { V: config.vocabSize, GROUPS, WG: manyLanes } },
      buffers: { logits, best },
      size: () => [GROUPS, 1, 1],
    };
  }

  /** Picks the largest logits: those of groups, all that are not below them, and those in order. */
  candidates({ logits, peaks, sums, listed, found }: Buffers): StepDraft[] {
    const { config, traits } = this.#s;
    const sizes = { V: config.vocabSize, PEAKS: peakCount };
    const counts = { COUNT: mostCandidates, LISTED: mostListed };
    const GROUPS = traits.software ? 2 : 32;
    return [
      {
        kernel: {
          name: 'candidates-peaks',
          parts: [reduce(traits)],
          constants: { ...sizes, WG: peakCount / 4 / peakGroups },
        },
        buffers: { logits, peaks, sums, listed },
        size: () => [peakGroups, 1, 1],
      },
      {
        kernel: { name: 'candidates-list', parts: [], constants: { ...sizes, ...counts, GROUPS } },
        buffers: { logits, peaks, listed },
        size: () => [GROUPS, 1, 1],
      },
      {
        kernel: { name: 'candidates-rank', parts: [], constants: { ...counts, SUMS: peakGroups, WG: lanes } },
        buffers: { listed, sums, found },
        size: () => [mostListed / lanes, 1, 1],
      },
    ];
  }
}

/** How many of the query heads that share keys and values one workgroup makes: all, or an equal part of them. */
export function headsTogether(shared: number): number {
  let heads = Math.min(shared, mostHeads);
  while (shared % heads > 0) heads--;
  return heads;
}

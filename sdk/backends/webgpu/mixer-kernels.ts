import { type Buffers, mostCandidates } from './buffers.ts';
import { type CacheBuffers, capped, type KernelSetting, kvKind, lanes, manyLanes, reduce } from './kernel-factory.ts';
import type { StepDraft } from './kernels.ts';

/** Most query heads of one workgroup of attention.wgsl: their scores fill half of the memory that every device grants. */
const mostHeads = 8;

/** Writes the drafts of attention, and of what chooses among logits. */
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

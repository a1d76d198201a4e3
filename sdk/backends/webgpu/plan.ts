import type { ModelConfig } from '../../model/config.ts';
import type { Buffers, KvSlot } from './buffers.ts';
import type { KernelFactory } from './kernel-factory.ts';
import type { StepDraft } from './kernels.ts';
import type { BlockWeights, Weights } from './weights.ts';

/** The steps of one block. What enters the block stands in `entering` once the steps of `enter` have run. */
export interface BlockPlan<S> {
  readonly enter: readonly S[];
  readonly rest: readonly S[];
}

/** The steps of a forward pass over one slot's KV cache, in order, for one token or for a chunk. */
export interface SlotPlan<S> {
  readonly decode: readonly S[];
  readonly prefill: readonly BlockPlan<S>[];
}

/** A chunk's steps through all blocks. */
export const prefillSteps = <S>({ prefill }: SlotPlan<S>): S[] =>
  prefill.flatMap(({ enter, rest }) => [...enter, ...rest]);

/** The steps that no slot has a part in. */
export interface SharedPlan<S> {
  readonly embed: readonly S[];
  /** Brings the final hidden states of all T tokens to `hidden`. */
  readonly finish: readonly S[];
  /** Logits of the token `run.row`. */
  readonly head: readonly S[];
  readonly argmax: readonly S[];
}

/** Describes a model as steps. Pre-norm and post-norm models differ here and nowhere else. */
export class Planner {
  readonly #config: ModelConfig;
  readonly #weights: Weights;
  readonly #b: Buffers;
  readonly #kernels: KernelFactory;
  readonly #splits: number;
  readonly #pre: boolean;
  /** Holds what enters a block, (T, C), after the block's `enter` steps; the embedding goes there. */
  readonly entering: GPUBuffer;
  /** Where the stream leaves a block. */
  readonly #stream: GPUBuffer;

  constructor(config: ModelConfig, weights: Weights, buffers: Buffers, kernels: KernelFactory, splits: number) {
    this.#config = config;
    this.#weights = weights;
    this.#b = buffers;
    this.#kernels = kernels;
    this.#splits = splits;
    this.#pre = config.normPlacement === 'pre';
    this.entering = this.#pre ? buffers.x : buffers.normed;
    this.#stream = this.#pre ? buffers.x : buffers.between;
  }

  /** The buffer of the final hidden states (T, C) after the `finish` steps. */
  get hidden(): GPUBuffer {
    return this.#config.finalNorm || !this.#pre ? this.#b.normed : this.#b.x;
  }

  shared(): SharedPlan<StepDraft> {
    const { tokenEmbedding, positionEmbedding, head, headNorm, lastBlockNorm } = this.#weights;
    const { normed, last, logits } = this.#b;
    const { finalNorm } = this.#config;
    const kernels = this.#kernels;
    // A post-norm model with a final norm has two in a row at the end: x, whose place is free, holds what is between them.
    const twice = !this.#pre && finalNorm;
    const between = twice ? [kernels.norm(lastBlockNorm, this.#stream, this.#b.x)] : [];
    const x = twice ? this.#b.x : this.#stream;
    const norm = finalNorm || !this.#pre;
    return {
      embed: kernels.embed(tokenEmbedding, positionEmbedding, this.entering),
      finish: norm ? [...between, kernels.norm(headNorm, x, normed)] : [],
      head: [
        ...between,
        ...kernels.matvec(
          { matrix: head, params: headNorm },
          norm ? { kind: 'norm', x, normed: last } : { kind: 'plain', x },
          { kind: 'logits', y: logits },
        ),
      ],
      argmax: [kernels.argmax(this.#b)],
    };
  }

  /** Logits of all T tokens to a buffer (T, V), from the final hidden states. */
  allLogits(y: GPUBuffer): StepDraft[] {
    return this.#kernels.matmul({ matrix: this.#weights.head, params: this.#weights.headNorm }, this.hidden, {
      kind: 'logits',
      y,
    });
  }

  /** Finds the likeliest tokens among the logits of one token. */
  candidates(): StepDraft[] {
    return [this.#kernels.candidates(this.#b)];
  }

  slot(slot: KvSlot): SlotPlan<StepDraft> {
    const { blocks } = this.#weights;
    return {
      decode: blocks.flatMap((block, layer) => this.#decodeBlock(block, layer, slot.layers[layer])),
      prefill: blocks.map((block, layer) => this.#prefillBlock(block, layer, slot.layers[layer])),
    };
  }

  /** Five steps: norm, q, k, v and KV write; attention; projection and residual; norm, up and activation; down and residual. */
  #decodeBlock({ qkv, projection, up, down }: BlockWeights, layer: number, kv_cache: GPUBuffer): StepDraft[] {
    const { normed, between, q, mixed, stats, inner, settings } = this.#b;
    const kernels = this.#kernels;
    const splits = this.#splits;
    const stream = this.#stream;
    // The first block of a post-norm model reads the embedding as it is; what it adds to is then in `normed` as well.
    const first = !this.#pre && layer === 0;
    const residual = this.#pre ? stream : normed;
    return [
      ...kernels.matvec(qkv, first ? { kind: 'plain', x: normed } : { kind: 'norm', x: stream, normed }, {
        kind: 'qkv',
        y: q,
        kv_cache,
      }),
      kernels.attention(settings[layer], kv_cache, this.#b, splits),
      ...kernels.matvec(
        projection,
        splits > 1 ? { kind: 'attention', x: mixed, stats } : { kind: 'plain', x: mixed },
        { kind: 'residual', residual, y: between },
        splits,
      ),
      ...kernels.matvec(up, { kind: 'norm', x: between, normed }, { kind: 'activation', y: inner }),
      ...kernels.matvec(
        down,
        { kind: 'plain', x: inner },
        { kind: 'residual', residual: this.#pre ? between : normed, y: stream },
      ),
    ];
  }

  #prefillBlock({ qkv, projection, up, down }: BlockWeights, layer: number, kv_cache: GPUBuffer): BlockPlan<StepDraft> {
    const { normed, between, q, mixed, inner, settings } = this.#b;
    const kernels = this.#kernels;
    const stream = this.#stream;
    const first = !this.#pre && layer === 0;
    const residual = this.#pre ? stream : normed;
    return {
      enter: first ? [] : [kernels.norm(qkv.params, stream, normed)],
      rest: [
        ...kernels.matmul(qkv, normed, { kind: 'qkv', y: q, kv_cache }),
        kernels.attention(settings[layer], kv_cache, this.#b, 1),
        ...kernels.matmul(projection, mixed, { kind: 'residual', residual, y: between }),
        kernels.norm(up.params, between, normed),
        ...kernels.matmul(up, normed, { kind: 'activation', y: inner }),
        ...kernels.matmul(down, inner, { kind: 'residual', residual: this.#pre ? between : normed, y: stream }),
      ],
    };
  }
}

import type { ModelConfig } from '../../model/config.ts';
import { missingPart } from '../missing-part.ts';
import type { Adaptation } from './adaptation.ts';
import type { Buffers } from './buffers.ts';
import type { FamilyKernels } from './family-kernels.ts';
import type { CacheBuffers, Input, KernelFactory, Store, StreamInput } from './kernel-factory.ts';
import type { StepDraft } from './kernels.ts';
import { normsResults, passesHeads } from './layer-kinds.ts';
import type { MixerKernels } from './mixer-kernels.ts';
import type { RotaryTables } from './rotary-tables.ts';
import type { BlockWeights, Linear, Weights } from './weights.ts';

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
  /** Chooses the next token and embeds it, as `embed` does. */
  readonly choose: readonly S[];
}

/** What a model's steps are planned from. */
export interface PlanParts {
  readonly config: ModelConfig;
  readonly weights: Weights;
  readonly buffers: Buffers;
  /** Absent, as are kernels for them, from engines that run the papers' models only. */
  readonly rotary: RotaryTables | undefined;
  readonly families: FamilyKernels | undefined;
  readonly kernels: KernelFactory;
  readonly mixers: MixerKernels;
  /** Workgroups that share a head's context while decoding. */
  readonly splits: number;
}

/** A linear layer in either way, with an adapter or without. What it reads may need steps before it. */
type Apply<I> = (linear: Linear, input: I, store: Store) => StepDraft[];

/**
 * Describes a model as steps. Where norms stand is told here and nowhere else: the stream goes from block to block in `x` and comes
 * out of a block's first half in `between` (pre-norm); it stands in `between` before a norm and in `normed` after it (post-norm);
 * or it goes as in pre-norm models, and the result of each half waits in `added` until whoever reads the stream joins the two.
 */
export class Planner {
  readonly #p: PlanParts;
  readonly #post: boolean;
  readonly #joins: boolean;
  /** Holds what enters a block, (T, C), after the block's `enter` steps; the embedding goes there. */
  readonly entering: GPUBuffer;

  constructor(parts: PlanParts) {
    this.#p = parts;
    this.#post = parts.config.normPlacement === 'post';
    this.#joins = normsResults(parts.config);
    this.entering = this.#post ? parts.buffers.normed : parts.buffers.x;
  }

  /** The buffer of the final hidden states (T, C) after the `finish` steps. */
  get hidden(): GPUBuffer {
    const { config, buffers } = this.#p;
    return config.finalNorm || config.normPlacement !== 'pre' ? buffers.normed : buffers.x;
  }

  shared(): SharedPlan<StepDraft> {
    const { config, weights, buffers, kernels, mixers } = this.#p;
    const { tokenEmbedding, positionEmbedding, head, lastBlockNorm } = weights;
    const { x, between, normed, last, logits } = buffers;
    // A post-norm model with a final norm has two in a row at the end: x, whose place is free, holds what is between them.
    const twice = this.#post && config.finalNorm;
    const first = twice ? [kernels.norm(lastBlockNorm, { kind: 'norm', x: between, kept: last }, x)] : [];
    const input = this.#leaving(twice, last);
    // What is kept of all tokens goes to x, which nothing reads any more.
    const all = input.kind === 'joined' ? { ...input, kept: x } : input;
    const embed = kernels.embed(tokenEmbedding, positionEmbedding, this.entering);
    const choose = kernels.choose(tokenEmbedding, positionEmbedding, buffers, this.entering);
    return {
      embed,
      finish: all.kind === 'plain' ? [] : [...first, kernels.norm(head.params, all, normed)],
      head: [...first, ...kernels.matvec(head, input, { kind: 'logits', y: logits })],
      choose: [mixers.argmax(buffers), choose, ...embed.slice(1)],
    };
  }

  /** Logits of all T tokens to a buffer (T, V), from the final hidden states. */
  allLogits(y: GPUBuffer): StepDraft[] {
    return this.#p.kernels.matmul(this.#p.weights.head, this.hidden, { kind: 'logits', y });
  }

  /** Finds the likeliest tokens among the logits of one token. */
  candidates(): StepDraft[] {
    return this.#p.mixers.candidates(this.#p.buffers);
  }

  /**
   * @param caches of all layers
   * @param adaptation what changes some of the matrices: a step more each, and at most one for its norm
   */
  slot(caches: readonly CacheBuffers[], adaptation?: Adaptation): SlotPlan<StepDraft> {
    const { blocks } = this.#p.weights;
    const [one, many] = [this.#applyToOne(adaptation), this.#applyToMany(adaptation)];
    return {
      decode: blocks.flatMap((block, layer) => this.#decodeBlock(block, layer, caches[layer], one)),
      prefill: blocks.map((block, layer) => this.#prefillBlock(block, layer, caches[layer], many)),
    };
  }

  /** For one token, a layer makes the norm before it itself, unless there is an adapter, whose first factor then does so for both. */
  #applyToOne(adaptation: Adaptation | undefined): Apply<Input> {
    const { kernels, buffers, splits } = this.#p;
    return (linear, input, store) => {
      const adapted = adaptation?.layers.get(linear);
      if (!adapted) return kernels.matvec(linear, input, store, splits);
      const { low, layer } = adapted;
      // What is kept of a joined row is the stream, and what is read may be its norm.
      const first = input.kind === 'joined' && input.normed ? [kernels.norm(linear.params, input, buffers.normed)] : [];
      const read: Input = first.length > 0 ? { kind: 'plain', x: buffers.normed } : input;
      const next: Input = 'kept' in read ? { kind: 'plain', x: read.kept } : read;
      return [
        ...first,
        ...kernels.matvec(low, read, adapted.store, splits),
        ...kernels.matvec(layer, next, store, splits),
      ];
    };
  }

  #applyToMany(adaptation: Adaptation | undefined): Apply<StreamInput> {
    const { kernels, buffers } = this.#p;
    return (linear, input, store) => {
      const adapted = adaptation?.layers.get(linear);
      const isPlain = input.kind === 'plain';
      const x = isPlain ? input.x : buffers.normed;
      return [
        ...(isPlain ? [] : [kernels.norm(linear.params, input, x)]),
        ...(adapted ? kernels.matmul(adapted.low, x, adapted.store) : []),
        ...kernels.matmul(adapted?.layer ?? linear, x, store),
      ];
    };
  }

  /**
   * Five steps: norm, q, k, v and KV write; attention; projection and residual; norm, up and activation; down and residual. Keys
   * that are normalised or turn before they are written do so in attention, or else in a sixth step.
   */
  #decodeBlock(block: BlockWeights, layer: number, cache: CacheBuffers, apply: Apply<Input>): StepDraft[] {
    const { buffers, splits, config } = this.#p;
    const isSplit = splits > 1 && config.blockKind[layer] === 'attention';
    const mixed: Input = isSplit
      ? { kind: 'attention', x: buffers.mixed, stats: buffers.stats }
      : { kind: 'plain', x: buffers.mixed };
    const into = apply(block.into, this.#entering(layer), this.#intoStore(layer, cache));
    return [
      ...this.#mix(block, layer, cache, into, splits),
      ...apply(block.out, mixed, this.#leave('first')),
      ...this.#feed(block, apply),
    ];
  }

  #prefillBlock(
    block: BlockWeights,
    layer: number,
    cache: CacheBuffers,
    apply: Apply<StreamInput>,
  ): BlockPlan<StepDraft> {
    const entering = this.#entering(layer);
    const into = apply(block.into, entering, this.#intoStore(layer, cache));
    const norms = entering.kind === 'plain' ? 0 : 1;
    return {
      enter: into.slice(0, norms),
      rest: [
        ...this.#mix(block, layer, cache, into.slice(norms)),
        ...apply(block.out, { kind: 'plain', x: this.#p.buffers.mixed }, this.#leave('first')),
        ...this.#feed(block, apply),
      ],
    };
  }

  /** What mixes tokens, behind its first layer: those of a chunk, or one whose context `splits` workgroups share. */
  #mix(block: BlockWeights, layer: number, cache: CacheBuffers, into: StepDraft[], splits?: number): StepDraft[] {
    const { config, weights, buffers, mixers, rotary } = this.#p;
    const families = (): FamilyKernels => this.#p.families ?? missingPart('what families after GPT-3 need');
    const { q, mixed } = buffers;
    if (block.kernel) return [...into, families().convolution(block.kernel, q, cache, mixed)];
    const { A, KV } = weights.dimensions;
    const passes = passesHeads(config, layer);
    const Q = passes ? A + 2 * KV : A;
    const table = rotary?.of(layer);
    if (passes && splits && mixers.makesQueries) {
      return [...into, mixers.attention(cache, buffers, Q, splits, families().queries(block.into, table, cache))];
    }
    return [
      ...into,
      ...(passes ? [families().heads(block.into, table, cache, q)] : []),
      splits ? mixers.attention(cache, buffers, Q, splits) : mixers.attentionOfMany(cache, buffers, Q),
    ];
  }

  /** The feed-forward half. */
  #feed({ up, down }: BlockWeights, apply: Apply<StreamInput>): StepDraft[] {
    const { config, buffers } = this.#p;
    const { inner } = buffers;
    return [
      ...apply(up, this.#between(), { kind: config.gatedMlp ? 'gated' : 'activation', y: inner }),
      ...apply(down, { kind: 'plain', x: inner }, this.#leave('second')),
    ];
  }

  /** What a block's first layer reads. */
  #entering(layer: number): StreamInput {
    const { x, between, normed, added } = this.#p.buffers;
    const { normPlacement } = this.#p.config;
    switch (normPlacement) {
      case 'pre':
        return { kind: 'norm', x, kept: normed };
      case 'post':
        // The first block reads the embedding as it is; what it adds to is then in `normed` as well.
        return layer === 0 ? { kind: 'plain', x: normed } : { kind: 'norm', x: between, kept: normed };
      default: {
        const isNormed = normPlacement === 'sandwich';
        if (layer > 0) return { kind: 'joined', x: added, residual: between, kept: x, normed: isNormed };
        return isNormed ? { kind: 'norm', x, kept: normed } : { kind: 'plain', x };
      }
    }
  }

  /** What the feed-forward half reads. */
  #between(): StreamInput {
    const { x, between, normed, added } = this.#p.buffers;
    const { normPlacement, parallelBlock } = this.#p.config;
    if (this.#joins) {
      return { kind: 'joined', x: added, residual: x, kept: between, normed: normPlacement === 'sandwich' };
    }
    return { kind: 'norm', x: parallelBlock ? x : between, kept: normed };
  }

  /** What the head reads, once a post-norm model's last two norms have become one. */
  #leaving(twice: boolean, kept: GPUBuffer): StreamInput {
    const { x, between, added } = this.#p.buffers;
    const { finalNorm } = this.#p.config;
    if (this.#joins) return { kind: 'joined', x: added, residual: between, kept, normed: finalNorm };
    if (this.#post) return { kind: 'norm', x: twice ? x : between, kept };
    return finalNorm ? { kind: 'norm', x, kept } : { kind: 'plain', x };
  }

  /** What a half of a block does with its result. */
  #leave(half: 'first' | 'second'): Store {
    const { x, between, normed, added } = this.#p.buffers;
    if (this.#joins) return { kind: 'plain', y: added };
    if (this.#post) return { kind: 'residual', residual: normed, y: between };
    const isFirst = half === 'first';
    return { kind: 'residual', residual: isFirst ? x : between, y: isFirst ? between : x };
  }

  #intoStore(layer: number, cache: CacheBuffers): Store {
    const { config, buffers } = this.#p;
    const direct = config.blockKind[layer] === 'attention' && !passesHeads(config, layer);
    return direct ? { kind: 'qkv', y: buffers.q, cache } : { kind: 'plain', y: buffers.q };
  }
}

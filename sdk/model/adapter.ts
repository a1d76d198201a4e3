import type { BiasedLinear } from './config.ts';

/** The matrices of a block that an adapter may change, by their canonical names. */
export type AdaptedLinear = Exclude<BiasedLinear, 'convolution.kernel' | 'head'>;

/**
 * Where a low-rank pair stands: rows `firstOutput` … `firstOutput + outputs - 1` of a block's matrix. A checkpoint that has queries, keys and values
 * apart has three such in `attention.qkv`, one that joins them (GPT-2's c_attn) has one.
 */
export interface LoraSlot {
  readonly block: number;
  readonly linear: AdaptedLinear;
  readonly firstOutput: number;
  readonly outputs: number;
  readonly inputs: number;
}

/** A slot's pair: the product gets scale · b (a x) added (Hu et al., LoRA, 2021). */
export interface LoraPair extends LoraSlot {
  readonly rank: number;
  /** alpha / rank, or alpha / √rank (rank-stabilised), times what its user asked for. */
  readonly scale: number;
  /** (rank, inputs) */
  readonly a: Float32Array;
  /** (outputs, rank) */
  readonly b: Float32Array;
}

/** How a slot's factors are called among parameters: `blocks.0.attention.qkv.0.loraA` (rank, inputs) and `.loraB` (outputs, rank). */
export const loraNames = ({ block, linear, firstOutput }: LoraSlot): { readonly a: string; readonly b: string } => {
  const name = `blocks.${block}.${linear}.${firstOutput}`;
  return { a: `${name}.loraA`, b: `${name}.loraB` };
};

/** The linear layer of a classifier that was trained together with an adapter. */
export interface AdapterHead {
  /** (labels, C) */
  readonly weight: Float32Array;
  /** (labels) */
  readonly bias?: Float32Array;
}

/** What an adapter's files hold. */
export interface AdapterParts {
  readonly adapter: Adapter;
  readonly head?: AdapterHead;
}

/** Low-rank changes to a model's matrices. At most one pair a slot; slots of one matrix do not overlap. */
export interface Adapter {
  readonly pairs: readonly LoraPair[];
}

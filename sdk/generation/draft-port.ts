import type { ResolvedSamplingOptions } from '../sampler/resolve-sampling-options.ts';

/** What the model that drafts is asked, on a port between it and the one that it drafts for. */
export interface DraftQuestion {
  /** How tokens are drawn; sent once, before the first of {@link added}. */
  readonly begin?: { readonly sampling: ResolvedSamplingOptions; readonly promptLength: number };
  /** Tokens that have come since the last question: the first time the prompt. */
  readonly added: ArrayLike<number>;
  /** How many to draft; 0 only reads what came. */
  readonly most: number;
  /** With which random numbers: those that the other model's sampler will draw with. */
  readonly randomState: readonly [low: number, high: number];
}

/** Undefined where the model cannot, which has to be asked no more. */
export type DraftAnswer = { readonly tokenIds: readonly number[] } | undefined;

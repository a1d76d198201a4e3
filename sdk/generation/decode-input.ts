import { openSampler, type Sampler } from '../sampler/create-sampler.ts';
import { bannedSequences } from './banned-texts.ts';
import type { ConstraintFollower } from './constraint-follower.ts';
import type { GenerateInput } from './model-parts.ts';
import type { TokenSource, TokenSourceInput } from './token-source.ts';

/** What the decode loop and the beam search work with. */
export interface DecodeInput extends GenerateInput {
  readonly sampler: Sampler;
  readonly bannedSequences: readonly Uint32Array[];
  readonly constraint: ConstraintFollower | undefined;
  /** Puts drafts before a source of tokens, where they are wanted. */
  readonly withDrafts?: (plain: TokenSource, input: TokenSourceInput) => TokenSource;
  /** Most tokens there will be. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Makes ready what one call draws with. */
export async function decodeInput(
  input: GenerateInput,
  signal: AbortSignal,
  sampling: GenerateInput['options']['sampling'] = input.options.sampling,
): Promise<DecodeInput> {
  const { tokenizer, options, promptIds } = input;
  const sampler = await openSampler(sampling);
  sampler.promptLength = promptIds.length;
  const banned = tokenizer ? bannedSequences(options.bannedTexts, tokenizer) : [];
  // The last token that fits needs no place in the KV cache: nothing is predicted from it.
  const limit = Math.min(options.maxNewTokens, input.config.nCtx - promptIds.length + 1);
  return { ...input, sampler, bannedSequences: banned, constraint: undefined, limit, signal };
}

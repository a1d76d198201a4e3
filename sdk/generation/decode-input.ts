import type { Constraint } from '../constraint/create-constraint.ts';
import { openSampler, type Sampler } from '../sampler/create-sampler.ts';
import { bannedSequences } from './banned-texts.ts';
import type { GenerateInput } from './model-parts.ts';

/** What the decode loop and the beam search work with. */
export interface DecodeInput extends GenerateInput {
  readonly sampler: Sampler;
  readonly bannedSequences: readonly Uint32Array[];
  readonly constraint: Constraint | undefined;
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
  return { ...input, sampler, bannedSequences: banned, constraint: undefined, signal };
}

import { bannedNext } from './banned-texts.ts';
import type { DecodeInput } from './decode-input.ts';
import { TokenMask } from './token-mask.ts';

/** What rules ids out. */
type RestrictionInput = Pick<DecodeInput, 'options' | 'bannedSequences' | 'constraint'> & {
  readonly config: { readonly vocabSize: number };
};

/** Whether anything may be ruled out in the course of a generation. */
export function isRestricted({ options, bannedSequences, constraint }: RestrictionInput): boolean {
  return (
    constraint !== undefined ||
    bannedSequences.length > 0 ||
    (options.minNewTokens > 0 && options.stopTokenIds.size > 0)
  );
}

/** Which ids may come next, or undefined where nothing is ruled out. */
export function tokenRestrictions(
  input: RestrictionInput,
): (history: readonly number[], generated: number) => Uint32Array | undefined {
  const { options, bannedSequences, constraint } = input;
  const mask = new TokenMask(input.config.vocabSize);
  return (history, generated) => {
    const tooShort = generated < options.minNewTokens && options.stopTokenIds.size > 0;
    const banned = bannedSequences.length > 0 ? bannedNext(bannedSequences, history) : [];
    if (!tooShort && banned.length === 0) return constraint?.mask;
    mask.allowAll();
    if (constraint?.mask) mask.intersect(constraint.mask);
    for (const id of banned) mask.ban(id);
    if (tooShort) for (const id of options.stopTokenIds) mask.ban(id);
    return mask.words;
  };
}

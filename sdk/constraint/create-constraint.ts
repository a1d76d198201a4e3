import type { CompiledConstraint } from './compile-constraint.ts';
import { Constraint } from './constraint.ts';
import { TokenMasks } from './machine/token-masks.ts';
import type { VocabularyWalks } from './machine/vocabulary-walks.ts';

/**
 * Makes a follower of what `compileConstraint` gives, in the same language, for a vocabulary. The whole output must fit.
 *
 * @throws GptletError INVALID_OPTION where the vocabulary cannot write even the beginning
 * @example
 * const language = new Language();
 * const walks = new VocabularyWalks(vocabularyTrie(vocabulary), language);
 * const constraint = createConstraint(compileConstraint({ choices: ['yes', 'no'] }, language), walks, [eosTokenId]);
 * while (!constraint.isComplete()) {
 *   sampler.setMask(constraint.mask(remaining));
 *   const { tokenId } = sampler.next(logits, history);
 *   constraint.accept(tokenId);
 * }
 */
export function createConstraint(
  { machine, start }: CompiledConstraint,
  walks: VocabularyWalks,
  eosTokenIds: readonly number[] = [],
): Constraint {
  const words = (Math.max(walks.trie.vocabSize, ...eosTokenIds.map((id) => id + 1)) + 31) >> 5;
  const masks = new TokenMasks(walks, words);
  const constraint = new Constraint({ machine, masks, tokenBytes: walks.trie.tokenBytes, eosTokenIds }, start);
  // Says at once when the vocabulary cannot even begin.
  constraint.mask();
  return constraint;
}

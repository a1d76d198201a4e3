import type { CompiledConstraint } from './compile-constraint.ts';
import { Constraint } from './constraint.ts';
import type { State } from './machine/machine.ts';
import { TokenMasks } from './machine/token-masks.ts';
import type { VocabularyTrie } from './vocabulary-trie.ts';

/**
 * Makes a follower of what `compileConstraint` gives, for a vocabulary. The whole output must fit.
 *
 * @throws GptletError INVALID_OPTION where the vocabulary cannot write even the beginning
 * @example
 * const constraint = createConstraint(compileConstraint({ choices: ['yes', 'no'] }), vocabularyTrie(tokens), [eosTokenId]);
 * while (!constraint.isComplete()) {
 *   sampler.setMask(constraint.mask(remaining));
 *   const { tokenId } = sampler.next(logits, history);
 *   constraint.accept(tokenId);
 * }
 */
export function createConstraint(
  { machine }: CompiledConstraint,
  trie: VocabularyTrie,
  eosTokenIds: readonly number[] = [],
): Constraint {
  const words = (Math.max(trie.vocabSize, ...eosTokenIds.map((id) => id + 1)) + 31) >> 5;
  const masks = new TokenMasks(machine, trie, words);
  const constraint = new Constraint(
    { machine, masks, tokenBytes: trie.tokenBytes, eosTokenIds },
    machine.start as State,
  );
  // Says at once when the vocabulary cannot even begin.
  constraint.mask();
  return constraint;
}

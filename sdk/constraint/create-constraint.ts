import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { AutomatonStates } from './automaton.ts';
import { Constraint } from './constraint.ts';
import { LazyDfa } from './lazy-dfa.ts';
import { createTokenWalker } from './token-walker.ts';
import { vocabularyTrie } from './vocabulary-trie.ts';

export type { Constraint } from './constraint.ts';

/**
 * Makes a follower of what `compileConstraint` gives, for a tokenizer's vocabulary. The whole output must fit.
 *
 * @throws GptletError INVALID_OPTION where the vocabulary cannot write even the beginning
 * @example
 * const constraint = await createConstraint(compileConstraint({ choices: ['yes', 'no'] }), tokenizer, [eosTokenId]);
 * while (!constraint.isComplete()) {
 *   sampler.setMask(constraint.mask(remaining));
 *   const { tokenId } = sampler.next(logits, history);
 *   constraint.accept(tokenId);
 * }
 */
export async function createConstraint(
  states: AutomatonStates,
  tokenizer: Tokenizer,
  eosTokenIds: readonly number[] = [],
): Promise<Constraint> {
  const dfa = new LazyDfa(states);
  const trie = vocabularyTrie(tokenizer);
  const words = (Math.max(trie.vocabSize, ...eosTokenIds.map((id) => id + 1)) + 31) >> 5;
  const walker = await createTokenWalker(trie, dfa, words);
  const constraint = new Constraint({ dfa, walker, tokenBytes: trie.tokenBytes, eosTokenIds, masks: new Map() });
  // Says at once when the vocabulary cannot even begin.
  constraint.mask();
  return constraint;
}

import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ConstraintSpec } from './compile-constraint.ts';
import { compileOnDemand } from './compile-on-demand.ts';
import { Constraint } from './constraint.ts';
import { LazyDfa } from './lazy-dfa.ts';
import { createTokenWalker } from './token-walker.ts';
import { vocabularyTrie } from './vocabulary-trie.ts';

export type { ConstraintSpec } from './compile-constraint.ts';
export type { Constraint } from './constraint.ts';

/**
 * Compiles a constraint for a tokenizer's vocabulary. The whole output must fit.
 *
 * @throws GptletError INVALID_OPTION for a spec that is malformed, not supported or that no text satisfies.
 * @example
 * const constraint = await createConstraint({ choices: ['yes', 'no'] }, tokenizer, [eosTokenId]);
 * while (!constraint.isComplete()) {
 *   sampler.setMask(constraint.mask(remaining));
 *   const { tokenId } = sampler.next(logits, history);
 *   constraint.accept(tokenId);
 * }
 */
export async function createConstraint(
  spec: ConstraintSpec,
  tokenizer: Tokenizer,
  eosTokenIds: readonly number[] = [],
): Promise<Constraint> {
  const dfa = new LazyDfa(await compileOnDemand(spec));
  const trie = vocabularyTrie(tokenizer);
  const words = (Math.max(trie.vocabSize, ...eosTokenIds.map((id) => id + 1)) + 31) >> 5;
  const walker = await createTokenWalker(trie, dfa, words);
  const constraint = new Constraint({ dfa, walker, tokenBytes: trie.tokenBytes, eosTokenIds, masks: new Map() });
  // Says at once when the vocabulary cannot even begin.
  constraint.mask();
  return constraint;
}

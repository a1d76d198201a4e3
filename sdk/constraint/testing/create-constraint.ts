import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { type ConstraintSpec, compileConstraint } from '../compile-constraint.ts';
import type { Constraint } from '../constraint.ts';
import { createConstraint as follow } from '../create-constraint.ts';
import { VocabularyWalks } from '../machine/vocabulary-walks.ts';
import { Language } from '../schema/language.ts';
import { vocabularyBytes } from '../vocabulary-bytes.ts';
import { vocabularyTrie } from '../vocabulary-trie.ts';

/** Compiles a constraint and makes its follower. */
export const createConstraint = async (
  spec: ConstraintSpec,
  tokenizer: Tokenizer,
  eosTokenIds?: readonly number[],
): Promise<Constraint> => {
  const walks = new VocabularyWalks(vocabularyTrie(vocabularyBytes(tokenizer)), new Language());
  return follow(compileConstraint(spec, walks.language), walks, eosTokenIds);
};

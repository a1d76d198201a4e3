import { GptletError } from '../api/errors.ts';
import { invalidOption } from '../sampler/resolve-sampling-options.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { compilePattern } from './compile-pattern.ts';
import { compileSchema } from './compile-schema.ts';
import { Constraint } from './constraint.ts';
import type { LazyDfa } from './lazy-dfa.ts';
import { parseRegex } from './parse-regex.ts';
import { choice, literal } from './pattern.ts';
import { createTokenWalker } from './token-walker.ts';
import { vocabularyTrie } from './vocabulary-trie.ts';

export type { Constraint } from './constraint.ts';

/** What generated text must be: one of some texts, a match of a regular expression, or a value of a JSON schema. */
export type ConstraintSpec =
  | { readonly choices: readonly string[] }
  | { readonly regex: string }
  | { readonly jsonSchema: object | boolean };

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
  const dfa = compileSpec(spec);
  if (dfa.start < 0) {
    throw new GptletError('INVALID_OPTION', `The constraint ${excerpt(spec)} cannot be satisfied: no text fits it.`);
  }
  const trie = vocabularyTrie(tokenizer);
  const words = (Math.max(trie.vocabSize, ...eosTokenIds.map((id) => id + 1)) + 31) >> 5;
  const walker = await createTokenWalker(trie, dfa, words);
  const constraint = new Constraint({ dfa, walker, tokenBytes: trie.tokenBytes, eosTokenIds, masks: new Map() });
  // Says at once when the vocabulary cannot even begin.
  constraint.mask();
  return constraint;
}

function compileSpec(spec: ConstraintSpec): LazyDfa {
  const kinds = ['choices', 'regex', 'jsonSchema'] as const;
  const given = typeof spec === 'object' && spec !== null ? kinds.filter((kind) => kind in spec) : [];
  if (given.length !== 1) {
    throw invalidOption(
      'constraint',
      given.length ? given : spec,
      'an object with one of choices, regex and jsonSchema',
    );
  }
  if ('jsonSchema' in spec) return compileSchema(spec.jsonSchema);
  if ('regex' in spec) {
    if (typeof spec.regex !== 'string')
      throw invalidOption('constraint.regex', spec.regex, 'the source of a regular expression');
    return compilePattern(parseRegex(spec.regex, true));
  }
  const { choices } = spec;
  if (
    !Array.isArray(choices) ||
    choices.length === 0 ||
    !choices.every((text) => typeof text === 'string' && text !== '')
  ) {
    throw invalidOption('constraint.choices', choices, 'a list of at least one text, none of them empty');
  }
  return compilePattern(choice(...choices.map((text: string) => literal(text))));
}

function excerpt(spec: ConstraintSpec): string {
  const text = JSON.stringify(spec);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { AutomatonStates } from './automaton.ts';
import { compilePattern } from './compile-pattern.ts';
import { compileSchema } from './compile-schema.ts';
import type { LazyDfa } from './lazy-dfa.ts';
import { parseRegex } from './parse-regex.ts';
import { choice, literal } from './pattern.ts';

/** What generated text must be: one of some texts, a match of a regular expression, or a value of a JSON schema. */
export type ConstraintSpec =
  | { readonly choices: readonly string[] }
  | { readonly regex: string }
  | { readonly jsonSchema: object | boolean };

/**
 * The automaton of what a constraint allows, whatever the vocabulary.
 *
 * @throws GptletError INVALID_OPTION for a spec that is malformed, not supported or that no text satisfies.
 */
export function compileConstraint(spec: ConstraintSpec): AutomatonStates {
  const dfa = compileSpec(spec);
  if (dfa.start < 0) {
    throw new GptletError('INVALID_OPTION', `The constraint ${excerpt(spec)} cannot be satisfied: no text fits it.`);
  }
  return dfa.automaton;
}

function compileSpec(spec: ConstraintSpec): LazyDfa {
  const kinds = ['choices', 'regex', 'jsonSchema'] as const;
  const given = typeof spec === 'object' && spec !== null ? kinds.filter((kind) => kind in spec) : [];
  if (given.length !== 1) {
    throw invalid('constraint', given.length ? given : spec, 'an object with one of choices, regex and jsonSchema');
  }
  if ('jsonSchema' in spec) return compileSchema(spec.jsonSchema);
  if ('regex' in spec) {
    if (typeof spec.regex !== 'string')
      throw invalid('constraint.regex', spec.regex, 'the source of a regular expression');
    return compilePattern(parseRegex(spec.regex, true));
  }
  const { choices } = spec;
  if (
    !Array.isArray(choices) ||
    choices.length === 0 ||
    !choices.every((text) => typeof text === 'string' && text !== '')
  ) {
    throw invalid('constraint.choices', choices, 'a list of at least one text, none of them empty');
  }
  return compilePattern(choice(...choices.map((text: string) => literal(text))));
}

function excerpt(spec: ConstraintSpec): string {
  const text = JSON.stringify(spec);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

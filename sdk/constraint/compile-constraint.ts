import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { Expression } from './expressions/expression.ts';
import { Machine, type State } from './machine/machine.ts';
import { Places, threadTo } from './machine/place.ts';
import { ValueThreads } from './machine/value-threads.ts';
import { wholeMatch } from './regex/regex-expression.ts';
import { checkSchema } from './schema/check-schema.ts';
import { isSchema } from './schema/document.ts';
import { Language } from './schema/language.ts';
import { Schemas } from './schema/schemas.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** What generated text must be: one of some texts, a match of a regular expression, or a value of a JSON schema. */
export type ConstraintSpec = ConstraintForm & {
  /** What stands there already: the generated text goes on with it, and both together fit. @default '' */
  readonly after?: string;
};

type ConstraintForm =
  | { readonly choices: readonly string[] }
  | { readonly regex: string }
  | {
      readonly jsonSchema: object | boolean;
      /** Schemas that its `$ref`s speak of, by their addresses. */
      readonly references?: Readonly<Record<string, object | boolean>>;
      /** What to do about a condition that cannot be enforced: 'error' refuses the schema, 'ignore' leaves it out. @default 'error' */
      readonly unsupported?: 'error' | 'ignore';
      /** Texts of which one stands behind the value, as it does amid other text; then a blank may stand before it. @default none */
      readonly followedBy?: readonly string[];
    };

/** A constraint, ready to be followed. */
export interface CompiledConstraint {
  readonly machine: Machine;
  /** Where the generated text begins. */
  readonly start: State;
  /** What the developer should know of a schema that is taken all the same. */
  readonly warnings: readonly string[];
}

type Compiled = Pick<CompiledConstraint, 'machine' | 'warnings'>;

/**
 * What a constraint allows, whatever the vocabulary.
 *
 * @param language texts as expressions, which several constraints may share
 * @throws GptletError INVALID_OPTION for a spec that is malformed, not supported or that no text satisfies.
 */
export function compileConstraint(spec: ConstraintSpec, language: Language = new Language()): CompiledConstraint {
  const compiled = compileSpec(spec, language);
  const { machine } = compiled;
  const start = machine.start && machine.afterBytes(machine.start, utf8Bytes(spec.after));
  if (!start) {
    throw new GptletError('INVALID_OPTION', `The constraint ${excerpt(spec)} cannot be satisfied: no text fits it.`);
  }
  return { ...compiled, start };
}

function compileSpec(spec: ConstraintSpec, language: Language): Compiled {
  const kinds = ['choices', 'regex', 'jsonSchema'] as const;
  const given = typeof spec === 'object' && spec !== null ? kinds.filter((kind) => kind in spec) : [];
  if (given.length !== 1) {
    throw invalid('constraint', given.length ? given : spec, 'an object with one of choices, regex and jsonSchema');
  }
  if ('jsonSchema' in spec) {
    const { jsonSchema, references = {}, unsupported = 'error', followedBy = [] } = spec;
    return compileSchema(jsonSchema, references, unsupported, followedBy, language);
  }
  if ('regex' in spec) {
    if (typeof spec.regex !== 'string')
      throw invalid('constraint.regex', spec.regex, 'the source of a regular expression');
    return compileText(wholeMatch(spec.regex, language.plain), language);
  }
  const { choices } = spec;
  if (!areTexts(choices) || choices.length === 0)
    throw invalid('constraint.choices', choices, 'a list of at least one text, none of them empty');
  return compileText(language.plain.literals(new Set<string>(choices)), language);
}

function compileText(expression: Expression, { expressions }: Language): Compiled {
  const { end } = new Places();
  return { machine: new Machine(expressions, [{ expression, place: end, text: '' }], end), warnings: [] };
}

function compileSchema(
  schema: unknown,
  references: unknown,
  unsupported: unknown,
  followedBy: unknown,
  language: Language,
): Compiled {
  if (!isSchema(references))
    throw invalid('constraint.references', references, 'an object: the address of each schema, and the schema');
  if (unsupported !== 'error' && unsupported !== 'ignore')
    throw invalid('constraint.unsupported', unsupported, "'error' or 'ignore'");
  if (!areTexts(followedBy)) throw invalid('constraint.followedBy', followedBy, 'a list of texts, none of them empty');
  const schemas = new Schemas(schema, references, unsupported === 'ignore', language);
  const { root, warnings } = checkSchema(schema, schemas);
  const threads = new ValueThreads(schemas);
  const { places } = threads;
  const { end } = places;
  const { expressions, plain, blank } = schemas.language;
  if (followedBy.length === 0)
    return { machine: new Machine(expressions, threads.value(root, end, ''), end), warnings };
  const after = plain.literals(new Set(followedBy));
  const distance = expressions.distance(after);
  const behind = places.get('behind', (id) => ({
    id,
    distance,
    readsText: false,
    next: () => threadTo(after, end, ''),
  }));
  return { machine: new Machine(expressions, threadTo(blank, threads.valuePlace(root, behind), ''), end), warnings };
}

const areTexts = (list: unknown): list is string[] =>
  Array.isArray(list) && list.every((text) => typeof text === 'string' && text !== '');

function excerpt(spec: ConstraintSpec): string {
  const text = JSON.stringify(spec);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

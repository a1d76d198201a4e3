import type { Expression } from '../expressions/expression.ts';
import { countKeyword, numberKeyword, textKeyword } from './keyword-values.ts';
import type { Language } from './language.ts';
import { schemaError, UnenforceableError } from './schema-error.ts';
import type { Schema } from './term.ts';
import type { Literal, Values } from './values.ts';

export const NUMBER_KEYWORDS: readonly string[] = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'divisibleBy',
];
export const STRING_KEYWORDS: readonly string[] = ['minLength', 'maxLength', 'pattern', 'format'];
const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** Values of the types that `type` names. */
export function typedValues({ type }: Schema, path: string, everything: Values, nothing: Values): Values {
  const names: unknown[] = Array.isArray(type) ? type : [type];
  for (const name of names) {
    if (typeof name !== 'string' || !TYPES.includes(name))
      throw schemaError(path, `has the type ${JSON.stringify(name)}; allowed are ${TYPES.join(', ')}`);
  }
  const has = (name: string): boolean => names.includes(name);
  const literals: Literal[] = [
    ...(has('null') ? ['null' as const] : []),
    ...(has('boolean') ? ['true' as const, 'false' as const] : []),
  ];
  const [number] = everything.numbers;
  return {
    literals: new Set(literals),
    numbers: has('number') ? [number] : has('integer') ? [{ ...number, form: 'integer' }] : [],
    strings: has('string') ? everything.strings : nothing.strings,
    arrays: has('array') ? everything.arrays : [],
    objects: has('object') ? everything.objects : [],
  };
}

/** The numbers within the bounds that a schema gives. */
export function numberSet(schema: Schema, path: string, { numbers, expressions }: Language): Expression {
  const sets: Expression[] = [];
  // In draft 4 the exclusive ones are true or false, and speak of the others.
  const bound = (keyword: string): number | undefined =>
    typeof schema[keyword] === 'boolean' ? undefined : numberKeyword(schema, keyword, path);
  const [low, high] = [bound('minimum'), bound('maximum')];
  const [above, below] = [
    schema.exclusiveMinimum === true ? low : bound('exclusiveMinimum'),
    schema.exclusiveMaximum === true ? high : bound('exclusiveMaximum'),
  ];
  // Of a bound that large the last digits were lost when the schema was read: it may have been a little less.
  const inside = (value: number, direction: 1 | -1): number =>
    Math.abs(value) > Number.MAX_SAFE_INTEGER ? neighbour(value, direction) : value;
  if (low !== undefined) sets.push(numbers.atLeast(inside(low, 1), false));
  if (high !== undefined) sets.push(numbers.atMost(inside(high, -1), false));
  // Digits between a bound and its neighbour among doubles would be read as the bound.
  if (above !== undefined) sets.push(numbers.atLeast(neighbour(above, 1), false));
  if (below !== undefined) sets.push(numbers.atMost(neighbour(below, -1), false));
  const step = numberKeyword(schema, 'multipleOf', path) ?? numberKeyword(schema, 'divisibleBy', path);
  if (step !== undefined) {
    if (step <= 0) throw schemaError(path, `has multipleOf ${step}; allowed is a number above 0`);
    const multiples = numbers.multipleOf(step);
    if (!multiples) throw new UnenforceableError(path, `has multipleOf ${step}, of more digits than can be counted`);
    sets.push(multiples);
  }
  return sets.length > 0 ? expressions.both(...sets) : numbers.any;
}

/** The next number up (1) or down (-1) that has a double of its own. */
function neighbour(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * Number.MIN_VALUE;
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] += BigInt(value > 0 ? direction : -direction);
  return new Float64Array(bits.buffer)[0];
}

/** Contents of the strings that fit a schema; lengths in characters (code points). */
export function stringSet(schema: Schema, path: string, language: Language): Expression {
  const { expressions, content } = language;
  const sets: Expression[] = [];
  const min = countKeyword(schema, 'minLength', path, 0);
  const max = countKeyword(schema, 'maxLength', path, Infinity);
  if (min > max) return expressions.nothing;
  if (min > 0 || max < Infinity) sets.push(language.length(min, max));
  const pattern = textKeyword(schema, 'pattern', path);
  if (pattern !== undefined) sets.push(patternSet(pattern, path, language));
  const format = textKeyword(schema, 'format', path);
  const fitting = format === undefined ? undefined : language.format(format);
  if (fitting) sets.push(fitting);
  return sets.length > 0 ? expressions.both(...sets) : content.any;
}

/** Contents with a match of a pattern. */
export function patternSet(pattern: string, path: string, language: Language): Expression {
  try {
    return language.pattern(pattern);
  } catch (error) {
    throw new UnenforceableError(path, `has a pattern: ${(error as Error).message.replace(/\.$/, '')}`);
  }
}

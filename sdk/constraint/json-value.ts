import { numberPattern } from './json-number.ts';
import { stringPattern } from './json-string.ts';
import { choice, literal, optional, type Pattern, repeat, sequence } from './pattern.ts';

/** Any JSON value, nested at most `depth` deep. */
export function anyValue(depth: number): Pattern {
  const string = stringPattern({});
  const options = [string, numberPattern({}), literal('true'), literal('false'), literal('null')];
  if (depth > 0) {
    const inner = anyValue(depth - 1);
    options.push(sequence(literal('['), repeat(inner, 0, Infinity, comma()), literal(']')));
    options.push(sequence(literal('{'), repeat(sequence(string, colon(), inner), 0, Infinity, comma()), literal('}')));
  }
  return choice(...options);
}

/** Between members and items. */
export function comma(): Pattern {
  return sequence(literal(','), optional(literal(' ')));
}

/** Between a name and its value. */
export function colon(): Pattern {
  return sequence(literal(':'), optional(literal(' ')));
}

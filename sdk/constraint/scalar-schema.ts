import { integerPattern, type NumberBounds, numberPattern } from './json-number.ts';
import { type StringBounds, stringPattern } from './json-string.ts';
import { choice, literal, type Pattern } from './pattern.ts';
import {
  countKeyword,
  isOfType,
  numberKeyword,
  type Schema,
  schemaError,
  stringKeyword,
  type TypeName,
  typesOf,
} from './schema-keywords.ts';

// Schemas whose values have no parts that are schemas in turn.

/** The texts of the values that `const` or `enum` lists. */
export function listedPattern(schema: Schema, path: string): Pattern {
  const { type, const: constant, enum: list, ...others } = schema;
  const values: unknown = 'const' in schema ? [constant] : list;
  if (!Array.isArray(values)) throw schemaError(path, 'has an enum that is not a list');
  const beside = Object.keys(others).find((keyword) => typesOf({ [keyword]: others[keyword] }, path) !== undefined);
  if (beside || ('const' in schema && 'enum' in schema))
    throw schemaError(path, `has "${beside ?? 'enum'}" beside its values; allowed is type alone`);
  const types = type === undefined ? undefined : typesOf(schema, path);
  const fitting = values.filter((value) => !types || types.some((name) => isOfType(value, name)));
  return choice(...fitting.map((value) => literal(JSON.stringify(value))));
}

/** The texts of a type that is neither list nor object. */
export function scalarPattern(type: Exclude<TypeName, 'array' | 'object'>, schema: Schema, path: string): Pattern {
  switch (type) {
    case 'null':
      return literal('null');
    case 'boolean':
      return choice(literal('true'), literal('false'));
    case 'integer':
      return integerPattern(numberBounds(schema, path));
    case 'number':
      return numberPattern(numberBounds(schema, path));
    case 'string':
      return stringPattern(stringBounds(schema, path));
  }
}

function numberBounds(schema: Schema, path: string): NumberBounds {
  return {
    minimum: numberKeyword(schema, 'minimum', path),
    maximum: numberKeyword(schema, 'maximum', path),
    exclusiveMinimum: numberKeyword(schema, 'exclusiveMinimum', path),
    exclusiveMaximum: numberKeyword(schema, 'exclusiveMaximum', path),
  };
}

function stringBounds(schema: Schema, path: string): StringBounds {
  const minLength = countKeyword(schema, 'minLength', path, 0);
  const maxLength = countKeyword(schema, 'maxLength', path, Infinity);
  if (minLength > maxLength)
    throw schemaError(path, `has minLength ${minLength} above maxLength ${maxLength}: no string fits`);
  return {
    minLength,
    maxLength,
    pattern: stringKeyword(schema, 'pattern', path),
    format: stringKeyword(schema, 'format', path),
  };
}

import { type ArrayShape, anyArray } from './array-shape.ts';
import { countKeyword, namesOf, recordOf, schemaOf, schemasOf } from './keyword-values.ts';
import type { Language } from './language.ts';
import { anyObject, type Layer, type ObjectShape } from './object-shape.ts';
import { patternSet } from './scalar-keywords.ts';
import type { Schema, Term, Terms } from './term.ts';

export const ARRAY_KEYWORDS: readonly string[] = [
  ...['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'minContains'],
  'maxContains',
];
export const OBJECT_KEYWORDS: readonly string[] = [
  ...['properties', 'patternProperties', 'additionalProperties', 'required', 'minProperties', 'maxProperties'],
  'propertyNames',
];

/** The arrays that fit what a schema says of items. */
export function arrayShape(schema: Schema, path: string, terms: Terms): ArrayShape {
  const term = (value: unknown, keyword: string): Term => terms.schema(schemaOf(value, keyword, path));
  const list = (value: unknown, keyword: string): Term[] =>
    Array.isArray(value) && value.length === 0 ? [] : schemasOf(value, keyword, path).map((each) => terms.schema(each));
  const { prefixItems, items, additionalItems, contains } = schema;
  // Before 2020 the first items stood in `items`, and `additionalItems` spoke of the others.
  const prefix =
    prefixItems !== undefined ? list(prefixItems, 'prefixItems') : Array.isArray(items) ? list(items, 'items') : [];
  const others = Array.isArray(items) ? additionalItems : items;
  const rest = others === undefined ? terms.always : term(others, Array.isArray(items) ? 'additionalItems' : 'items');
  const containing = contains === undefined ? undefined : term(contains, 'contains');
  return {
    ...anyArray(terms),
    prefix,
    rest,
    min: countKeyword(schema, 'minItems', path, 0),
    max: countKeyword(schema, 'maxItems', path, Infinity),
    unique: schema.uniqueItems === true,
    contains: containing
      ? [
          {
            term: containing,
            min: countKeyword(schema, 'minContains', path, 1),
            max: countKeyword(schema, 'maxContains', path, Infinity),
            from: 0,
          },
        ]
      : [],
    evaluated: { first: others === undefined ? prefix.length : Infinity, terms: containing ? [containing] : [] },
  };
}

/** The objects that fit what a schema says of properties. */
export function objectShape(schema: Schema, path: string, terms: Terms, language: Language): ObjectShape {
  const { content } = language;
  const properties = new Map(
    recordOf(schema, 'properties', path).map(([name, value]) => [
      name,
      terms.schema(schemaOf(value, `properties/${name}`, path)),
    ]),
  );
  const patterns = recordOf(schema, 'patternProperties', path).map(([source, value]) => ({
    names: patternSet(source, `${path}/patternProperties`, language),
    term: terms.schema(schemaOf(value, `patternProperties/${source}`, path)),
  }));
  const additional = schema.additionalProperties;
  const layer: Layer = {
    properties,
    patterns,
    additional:
      additional === undefined ? terms.always : terms.schema(schemaOf(additional, 'additionalProperties', path)),
  };
  // In draft 3 it stood with each property, as true or false.
  const required =
    schema.required === undefined || typeof schema.required === 'boolean'
      ? []
      : namesOf(schema.required, 'required', path);
  const names = schema.propertyNames;
  return {
    ...anyObject,
    names: [...properties.keys()],
    required,
    layers: [layer],
    min: countKeyword(schema, 'minProperties', path, 0),
    max: countKeyword(schema, 'maxProperties', path, Infinity),
    nameTerms: names === undefined ? [] : [terms.schema(schemaOf(names, 'propertyNames', path))],
    evaluated: {
      names: [...properties.keys()],
      patterns: additional === undefined ? patterns.map((pattern) => pattern.names) : [content.any],
    },
  };
}

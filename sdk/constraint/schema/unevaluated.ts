import { anyArray, intersectArrays } from './array-shape.ts';
import { schemaOf } from './keyword-values.ts';
import type { Layer } from './object-shape.ts';
import type { Schema, Term } from './term.ts';
import type { ValueContext } from './value-context.ts';
import type { Values } from './values.ts';

/** Holds what no other keyword of the schema has spoken of to `unevaluatedItems` and `unevaluatedProperties`. */
export function withoutUnevaluated(
  schema: Schema,
  path: string,
  values: Values,
  { terms, language }: ValueContext,
): Values {
  const term = (keyword: string): Term => terms.schema(schemaOf(schema[keyword], keyword, path));
  let { arrays, objects } = values;
  if (schema.unevaluatedItems !== undefined) {
    arrays = arrays.map((shape) => {
      const { first, terms: fitting } = shape.evaluated;
      if (first === Infinity) return shape;
      const prefix = Array.from({ length: first }, () => terms.always);
      const others = { ...anyArray(terms), prefix, rest: terms.any(term('unevaluatedItems'), ...fitting) };
      return { ...intersectArrays(shape, others, terms), evaluated: { first: Infinity, terms: [] } };
    });
  }
  if (schema.unevaluatedProperties !== undefined) {
    objects = objects.map((shape) => {
      const { names, patterns } = shape.evaluated;
      const layer: Layer = {
        properties: new Map(names.map((name) => [name, terms.always])),
        patterns: patterns.map((pattern) => ({ names: pattern, term: terms.always })),
        additional: term('unevaluatedProperties'),
      };
      return {
        ...shape,
        layers: [...shape.layers, layer],
        evaluated: { names: [], patterns: [language.content.any] },
      };
    });
  }
  return arrays === values.arrays && objects === values.objects ? values : { ...values, arrays, objects };
}

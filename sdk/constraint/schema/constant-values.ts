import { anyArray } from './array-shape.ts';
import { anyObject } from './object-shape.ts';
import type { ValueContext } from './value-context.ts';
import type { Literal, Values } from './values.ts';

/** One value; an object as it is written here, its properties in this order. */
export function constantValues(value: unknown, { sets, terms, language }: ValueContext): Values {
  const { nothing } = sets;
  if (value === null || typeof value === 'boolean')
    return { ...nothing, literals: new Set([String(value) as Literal]) };
  if (typeof value === 'number')
    return { ...nothing, numbers: [{ set: language.numbers.equalTo(value), form: 'shortest' }] };
  if (typeof value === 'string') return { ...nothing, strings: language.content.literal(value) };
  if (Array.isArray(value)) {
    const prefix = value.map((item) => terms.constant(item));
    return {
      ...nothing,
      arrays: [{ ...anyArray(terms), prefix, rest: terms.never, min: value.length, max: value.length }],
    };
  }
  const properties = new Map(Object.entries(value as object).map(([name, part]) => [name, terms.constant(part)]));
  const names = [...properties.keys()];
  return {
    ...nothing,
    objects: [
      { ...anyObject, names, required: names, layers: [{ properties, patterns: [], additional: terms.never }] },
    ],
  };
}

/** Any of a list. */
export function listedValues(values: readonly unknown[], context: ValueContext): Values {
  const texts = values.filter((value) => typeof value === 'string');
  const others = values.filter((value) => typeof value !== 'string').map((value) => constantValues(value, context));
  return context.sets.anyOf([
    { ...context.sets.nothing, strings: context.language.content.literals(new Set(texts)) },
    ...others,
  ]);
}

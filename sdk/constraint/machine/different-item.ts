import type { Schema, Term, Terms } from '../schema/term.ts';

/**
 * What differs from every value of a list. Objects and arrays are told apart by one part in which all of them differ, a scalar:
 * to try all the ways in which each of them may differ from each other would take for ever, so a few right ones are not found.
 */
export function differentFrom(values: readonly unknown[], terms: Terms): Term {
  const objects = values.filter((value) => kindOf(value) === 'object') as Record<string, unknown>[];
  const arrays = values.filter((value) => kindOf(value) === 'array') as unknown[][];
  const scalars = values.filter((value) => kindOf(value) === 'scalar');
  return terms.all(
    ...scalars.map((value) => terms.not(terms.constant(value))),
    ...(objects.length > 0 ? [terms.schema(otherObject(objects))] : []),
    ...(arrays.length > 0 ? [terms.schema(otherArray(arrays))] : []),
  );
}

function kindOf(value: unknown): 'object' | 'array' | 'scalar' {
  if (typeof value !== 'object' || value === null) return 'scalar';
  return Array.isArray(value) ? 'array' : 'object';
}

function otherObject(objects: readonly Record<string, unknown>[]): Schema {
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const ways = names.flatMap((name) => {
    const taken = objects.filter((object) => Object.hasOwn(object, name)).map((object) => object[name]);
    if (!taken.every((value) => kindOf(value) === 'scalar')) return [];
    return [{ required: [name], properties: { [name]: { not: { enum: taken } } } }];
  });
  const counts = objects.map((object) => Object.keys(object).length);
  return { anyOf: [{ not: { type: 'object' } }, ...ways, { minProperties: Math.max(...counts) + 1 }] };
}

function otherArray(arrays: readonly unknown[][]): Schema {
  const longest = Math.max(...arrays.map((array) => array.length));
  const ways = Array.from({ length: longest }, (_, i) => i).flatMap((i) => {
    const taken = arrays.filter((array) => array.length > i).map((array) => array[i]);
    if (!taken.every((value) => kindOf(value) === 'scalar')) return [];
    return [{ minItems: i + 1, prefixItems: [...Array.from({ length: i }, () => true), { not: { enum: taken } }] }];
  });
  return { anyOf: [{ not: { type: 'array' } }, ...ways, { minItems: longest + 1 }] };
}

import { dereferenced, isObject, partAt, type SchemaPart, saysOnly } from './schema-part.ts';

/** The few values that a schema lists, if it does: an enum, a const, booleans, null. None of them has values inside. */
export function listedValues(given: SchemaPart): readonly (string | number | boolean | null)[] | undefined {
  const part = dereferenced(given);
  const { schema } = part;
  if (!isObject(schema)) return undefined;
  if (saysOnly(schema, 'anyOf') && Array.isArray(schema.anyOf)) {
    const ways = schema.anyOf.map((_, i) =>
      listedValues(partAt(part, [...part.path, 'anyOf', String(i)]) as SchemaPart),
    );
    return ways.every((way) => way !== undefined) ? [...new Set(ways.flat())] : undefined;
  }
  if (!saysOnly(schema, 'type', 'enum', 'const')) return undefined;
  const types = typesOf(schema.type);
  const ofTypes = [...(types?.includes('boolean') ? [true, false] : []), ...(types?.includes('null') ? [null] : [])];
  const values =
    'const' in schema
      ? [schema.const]
      : Array.isArray(schema.enum)
        ? schema.enum
        : types?.every((type) => type === 'boolean' || type === 'null')
          ? ofTypes
          : [];
  const fitting = values.filter((value) => !types || types.some((type) => isOf(type, value)));
  return fitting.length > 0 && fitting.every((value) => typeof value !== 'object' || value === null)
    ? fitting
    : undefined;
}

/** Whether a schema takes any text, and whether null too. */
export function freeText(given: SchemaPart): 'text' | 'text or null' | undefined {
  const part = dereferenced(given);
  const { schema } = part;
  if (!isObject(schema)) return undefined;
  if (saysOnly(schema, 'type')) {
    const types = typesOf(schema.type)?.join();
    if (types === 'string') return 'text';
    return types === 'string,null' || types === 'null,string' ? 'text or null' : undefined;
  }
  if (!saysOnly(schema, 'anyOf') || !Array.isArray(schema.anyOf) || schema.anyOf.length !== 2) return undefined;
  const ways = [0, 1].map((i) => partAt(part, [...part.path, 'anyOf', String(i)]) as SchemaPart);
  const isNull = (way: SchemaPart): boolean => listedValues(way)?.every((value) => value === null) ?? false;
  return ways.some(isNull) && ways.some((way) => freeText(way) === 'text') ? 'text or null' : undefined;
}

const typesOf = (type: unknown): readonly unknown[] | undefined =>
  type === undefined ? undefined : Array.isArray(type) ? type : [type];

function isOf(type: unknown, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return type === (value === null ? 'null' : typeof value);
}

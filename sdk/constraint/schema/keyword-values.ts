import { isSchema } from './document.ts';
import { schemaError } from './schema-error.ts';
import type { Schema } from './term.ts';

// Values of keywords, checked as they are read.

/** A number, undefined where absent. */
export function numberKeyword(schema: Schema, keyword: string, path: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is a number`);
  return value;
}

/** A count, or the fallback where absent. */
export function countKeyword(schema: Schema, keyword: string, path: string, fallback: number): number {
  const value = schema[keyword];
  if (value === undefined) return fallback;
  if (!Number.isInteger(value) || (value as number) < 0)
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is an integer of at least 0`);
  return value as number;
}

/** A text, undefined where absent. */
export function textKeyword(schema: Schema, keyword: string, path: string): string | undefined {
  const value = schema[keyword];
  if (value !== undefined && typeof value !== 'string')
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is a text`);
  return value as string | undefined;
}

/** A list of names. */
export function namesOf(value: unknown, keyword: string, path: string): string[] {
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string'))
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is a list of names`);
  return value;
}

/** A schema: an object, true or false. */
export function schemaOf(value: unknown, keyword: string, path: string): Schema | boolean {
  if (typeof value !== 'boolean' && !isSchema(value))
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is a schema: an object, true or false`);
  return value;
}

/** A list of schemas. */
export function schemasOf(value: unknown, keyword: string, path: string): (Schema | boolean)[] {
  if (!Array.isArray(value) || value.length === 0)
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is a list of schemas`);
  return value.map((each) => schemaOf(each, keyword, path));
}

/** Anything by name, empty where absent. */
export function recordOf(schema: Schema, keyword: string, path: string): [name: string, value: unknown][] {
  const value = schema[keyword] ?? {};
  if (!isSchema(value)) throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is an object`);
  return Object.entries(value);
}

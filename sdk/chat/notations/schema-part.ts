import type { JsonSchema } from '../../loaded-model/tool.ts';

/** A schema within another. */
export interface SchemaPart {
  readonly root: JsonSchema;
  /** The keys that lead to it. */
  readonly path: readonly string[];
  readonly schema: JsonSchema | boolean;
}

/** Where the whole schema is found from within a document that holds it; its own `$id`, if it has one, goes before. */
const address = 'json-schema://parameters/';
/** What says nothing of a value. */
const annotations = [
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$comment', '$schema', '$id', 'id'],
];

/** A part of a part; undefined where there is none. */
export function partAt({ root }: SchemaPart, path: readonly string[]): SchemaPart | undefined {
  let schema: unknown = root;
  for (const key of path) {
    if (typeof schema !== 'object' || schema === null || !Object.hasOwn(schema, key)) return undefined;
    schema = (schema as Record<string, unknown>)[key];
  }
  return typeof schema === 'boolean' || isObject(schema) ? { root, path, schema } : undefined;
}

/** What a part refers to within the whole, where it says nothing else. */
export function dereferenced(part: SchemaPart): SchemaPart {
  let at = part;
  for (let i = 0; i < 20 && isObject(at.schema) && saysOnly(at.schema, '$ref'); i++) {
    const next = referred(at);
    if (!next) break;
    at = next;
  }
  return at;
}

/** What `$ref` of a part points to, if that is within the whole. */
export function referred(part: SchemaPart): SchemaPart | undefined {
  const reference = (part.schema as JsonSchema).$ref;
  if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) return undefined;
  const keys = reference.split('/').slice(1);
  return partAt(
    part,
    keys.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

/** Whether a schema has no conditions but these. */
export const saysOnly = (schema: JsonSchema, ...keywords: readonly string[]): boolean =>
  Object.keys(schema).every((key) => keywords.includes(key) || annotations.includes(key));

/** A part as a schema of its own, in which references to the whole go on to work. */
export function asDocument({ root, path, schema }: SchemaPart): JsonSchema | boolean {
  if (!/"\$(dynamic|recursive)?ref"/i.test(JSON.stringify(schema))) return schema;
  const id = typeof root.$id === 'string' ? root.$id.split('#')[0] : address;
  const pointer = path.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`);
  return { $ref: `${id}#${pointer.join('')}`, $defs: { parameters: { ...root, $id: id } } };
}

export const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

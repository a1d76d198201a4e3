import { schemaError, UnenforceableError } from './schema-error.ts';
import type { Schema } from './term.ts';

/** Keywords that hold one schema, a list of them, or schemas by name. */
const ONE = [
  ...['additionalProperties', 'additionalItems', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'],
  ...['unevaluatedItems', 'unevaluatedProperties', 'contentSchema'],
];
const LIST = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
const NAMED = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];
/** Where a schema without an address of its own lies. */
const NOWHERE = 'json-schema://document/';

/** Where a schema stands. */
export interface Place {
  /** A JSON pointer within the document. */
  readonly path: string;
  /** The address against which its references are resolved. */
  readonly base: string;
  /** Before 2019, what stands beside `$ref` says nothing. */
  readonly refAlone: boolean;
}

/** The schemas of a document with their places, and what references point to. */
export class SchemaDocument {
  readonly #root: unknown;
  readonly #places: Map<object, Place> = new Map();
  /** By address; anchors with their fragment. */
  readonly #addresses: Map<string, unknown> = new Map();
  readonly #dynamic: Map<string, Schema[]> = new Map();
  /** Whether some schema asks which properties or items others have spoken of. */
  hasUnevaluated = false;

  /** @param others schemas that it refers to, by their addresses */
  constructor(root: unknown, others: Readonly<Record<string, unknown>> = {}) {
    this.#root = root;
    this.#addresses.set(NOWHERE, root);
    this.#walk(root, { path: '', base: NOWHERE, refAlone: false });
    for (const [address, schema] of Object.entries(others)) {
      const [base] = absolute(address, NOWHERE).split('#');
      this.#addresses.set(base, schema);
      this.#walk(schema, { path: address, base, refAlone: false });
    }
  }

  place(schema: Schema): Place {
    return this.#places.get(schema) ?? { path: '', base: NOWHERE, refAlone: false };
  }

  /** What `$ref` of a schema points to. */
  resolve(reference: unknown, from: Schema): unknown {
    const { base, path } = this.place(from);
    if (typeof reference !== 'string')
      throw schemaError(path, `has $ref ${JSON.stringify(reference)}; allowed is a text`);
    const [address, fragment = ''] = absolute(reference, base).split('#');
    const target = this.#find(address, fragment);
    if (target === undefined) {
      const why = this.#addresses.has(address)
        ? 'points to nothing'
        : 'points outside of the schema; what lies elsewhere is given as { jsonSchema, references: { [address]: schema } }';
      throw schemaError(path, `has $ref "${reference}", which ${why}`);
    }
    // In a place where no schema is expected, as under an unknown keyword: a schema all the same.
    if (isSchema(target) && !this.#places.has(target))
      this.#walk(target, { path: decode(fragment), base: address, refAlone: false });
    return target;
  }

  /**
   * What `$dynamicRef` points to: where that is a dynamic anchor, the one of its name in the outermost schema that led there. That
   * is the document itself, where it has one; among others only a value's own way could tell.
   */
  resolveDynamic(reference: unknown, from: Schema): unknown {
    const target = this.resolve(reference, from);
    const anchor = typeof reference === 'string' ? /#([^/]+)$/.exec(reference)?.[1] : undefined;
    const isDynamic = anchor !== undefined && isSchema(target) && target.$dynamicAnchor === anchor;
    if (!isDynamic) return target;
    const anchors = this.#dynamic.get(anchor) ?? [];
    const root = isSchema(this.#root) ? this.place(this.#root).base : NOWHERE;
    const outermost = anchors.find((schema) => this.place(schema).base === root);
    if (!outermost && anchors.length > 1)
      throw new UnenforceableError(
        this.place(from).path,
        `has $dynamicRef "${reference}", an anchor of several schemas`,
      );
    return outermost ?? target;
  }

  /** The schemas that a schema speaks of, those that it refers to among them. */
  *childrenOf(schema: Schema): Generator<unknown> {
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === '$ref') yield this.resolve(value, schema);
      if (keyword === '$dynamicRef' || keyword === '$recursiveRef') yield this.resolveDynamic(value, schema);
      if (['$defs', 'definitions'].includes(keyword)) continue;
      for (const [, child] of parts(keyword, value)) yield child;
    }
  }

  #find(address: string, fragment: string): unknown {
    const resource = this.#addresses.get(address);
    if (fragment !== '' && !fragment.startsWith('/')) return this.#addresses.get(`${address}#${fragment}`);
    if (resource === undefined) return undefined;
    // Generators write pointers from the document's top even below an $id.
    return pointed(resource, fragment) ?? pointed(this.#root, fragment);
  }

  #walk(schema: unknown, around: Place): void {
    if (!isSchema(schema) || this.#places.has(schema)) return;
    const place = this.#enter(schema, around);
    this.#places.set(schema, place);
    if ('unevaluatedProperties' in schema || 'unevaluatedItems' in schema) this.hasUnevaluated = true;
    for (const [keyword, value] of Object.entries(schema)) {
      for (const [keys, child] of parts(keyword, value)) this.#walk(child, { ...place, path: `${place.path}${keys}` });
    }
  }

  #enter(schema: Schema, around: Place): Place {
    const id = schema.$id ?? schema.id;
    const refAlone = typeof schema.$schema === 'string' ? /draft-0[3-7]/.test(schema.$schema) : around.refAlone;
    if (refAlone && '$ref' in schema) return { ...around, refAlone };
    let { base } = around;
    if (typeof id === 'string') {
      const [address, fragment] = absolute(id, base).split('#');
      if (fragment) this.#addresses.set(`${address}#${fragment}`, schema);
      else this.#addresses.set(address, schema);
      base = address;
    }
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = schema[keyword];
      if (typeof anchor !== 'string') continue;
      this.#addresses.set(`${base}#${anchor}`, schema);
      if (keyword === '$dynamicAnchor') this.#dynamic.set(anchor, [...(this.#dynamic.get(anchor) ?? []), schema]);
    }
    return { path: around.path, base, refAlone };
  }
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas that a keyword holds, by the pointer to them. */
function* parts(keyword: string, value: unknown): Generator<[pointer: string, schema: unknown]> {
  if (ONE.includes(keyword)) yield [`/${keyword}`, value];
  if (LIST.includes(keyword) && Array.isArray(value)) {
    for (const [i, child] of value.entries()) yield [`/${keyword}/${i}`, child];
  }
  if (NAMED.includes(keyword) && isSchema(value)) {
    for (const [name, child] of Object.entries(value)) {
      yield [`/${keyword}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, child];
    }
  }
}

function absolute(reference: string, base: string): string {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
}

function pointed(resource: unknown, pointer: string): unknown {
  let target = resource;
  for (const part of pointer.split('/').slice(1)) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) return undefined;
    target = (target as Record<string, unknown>)[key];
  }
  return target;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

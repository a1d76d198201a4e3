import { schemaError } from './schema-keywords.ts';

/** What `$ref` points to: `#`, or a JSON pointer within the same schema such as `#/$defs/node`. */
export function resolveReference(root: unknown, reference: unknown, path: string): unknown {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference)) {
    throw schemaError(
      path,
      `has $ref ${JSON.stringify(reference)}; allowed is # or a pointer into the same schema, as #/$defs/name`,
    );
  }
  let target: unknown = root;
  for (const part of reference.split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    const inside = typeof target === 'object' && target !== null && Object.hasOwn(target, key);
    if (!inside) throw schemaError(path, `has $ref "${reference}", which points to nothing`);
    target = (target as Record<string, unknown>)[key];
  }
  return target;
}

import { isSchema } from './document.ts';
import { schemaOf } from './keyword-values.ts';
import { strangeKeywords } from './known-keywords.ts';
import { schemaError } from './schema-error.ts';
import type { Schemas } from './schemas.ts';
import type { Schema, Term } from './term.ts';

const JOINING = ['allOf', 'oneOf', 'not', 'if', 'unevaluatedProperties', 'unevaluatedItems'];
/** Warnings of a kind are told once, with as many places at the most. */
const MAX_PLACES = 3;

/** A schema's term, and what is strange about it. All that it reaches is read once, so that what is wrong is said at once. */
export function checkSchema(root: unknown, schemas: Schemas): { root: Term; warnings: string[] } {
  if (typeof root !== 'boolean' && !isSchema(root))
    throw schemaError('', `is ${JSON.stringify(root) ?? typeof root}; allowed is an object, true or false`);
  const strange = new Map<string, string[]>();
  const reached = new Set<Schema>();
  const reach = (schema: unknown): void => {
    if (isSchema(schema)) reached.add(schema);
  };
  reach(root);
  for (const schema of reached) {
    schemas.check(schema);
    // What joins schemas may turn out to be too much.
    if (JOINING.some((keyword) => keyword in schema)) schemas.of(schemas.terms.schema(schema));
    for (const child of schemas.document.childrenOf(schema)) reach(child);
    const complaint = strangeKeywords(schema);
    if (complaint)
      strange.set(complaint, [...(strange.get(complaint) ?? []), schemas.document.place(schema).path || 'its top']);
  }
  const warnings = Array.from(strange, ([complaint, places]) => {
    const more = places.length > MAX_PLACES ? ` and ${places.length - MAX_PLACES} more` : '';
    return `jsonSchema at ${places.slice(0, MAX_PLACES).join(', ')}${more} ${complaint}`;
  });
  return { root: schemas.terms.schema(schemaOf(root, 'a schema', '')), warnings };
}

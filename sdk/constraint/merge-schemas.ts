import { isAnnotation, isOfType, type Schema, type TypeName, typesOf } from './schema-keywords.ts';
import { resolveReference } from './schema-reference.ts';

/** Keywords of which the larger bound holds where two schemas have one, and of which the smaller. */
const LARGER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const SMALLER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/**
 * One schema for the values that fit both, as far as keywords can be joined: types, bounds, items, properties.
 * Undefined where they cannot (two patterns, two lists of values, alternatives).
 */
export function mergeSchemas(left: unknown, right: unknown, root: unknown): unknown {
  const [a, b] = [resolved(left, root), resolved(right, root)];
  if (a === false || b === false) return false;
  if (a === true) return b;
  if (b === true) return a;
  if (!isOfType(a, 'object') || !isOfType(b, 'object')) return undefined;
  return mergeObjects(a as Schema, b as Schema);
}

/** Both at once, put off until that place is compiled. */
function both(left: unknown = true, right: unknown = true): unknown {
  if (left === true) return right;
  return right === true ? left : { allOf: [left, right] };
}

function mergeObjects(a: Schema, b: Schema): Schema | undefined {
  const values = commonValues(a, b);
  if (values) {
    const plain = [a, b].every((schema) =>
      Object.keys(schema).every((name) => ['const', 'enum', 'type'].includes(name) || isAnnotation(name)),
    );
    return plain ? { enum: values.filter((value) => fitsType(value, a) && fitsType(value, b)) } : undefined;
  }
  const merged: Record<string, unknown> = { ...a, ...b };
  for (const keyword of Object.keys(a)) {
    const [x, y] = [a[keyword], b[keyword]];
    if (!(keyword in b) || JSON.stringify(x) === JSON.stringify(y)) continue;
    if (LARGER.includes(keyword)) merged[keyword] = Math.max(x as number, y as number);
    else if (SMALLER.includes(keyword)) merged[keyword] = Math.min(x as number, y as number);
    else if (keyword === 'required') merged.required = [...new Set([...(x as string[]), ...(y as string[])])];
    else if (keyword === 'items') merged.items = both(x, y);
    else if (keyword === 'type') merged.type = commonTypes(typesOf({ type: x }, ''), typesOf({ type: y }, ''));
    else if (['pattern', 'format', 'anyOf', 'oneOf', 'allOf'].includes(keyword)) return undefined;
  }
  if (describesObject(a) || describesObject(b)) {
    merged.properties = mergeProperties(a, b);
    if ('additionalProperties' in a || 'additionalProperties' in b)
      merged.additionalProperties = both(a.additionalProperties, b.additionalProperties);
  }
  return merged;
}

/** The values that both name, or the one that names any; undefined where neither does. */
function commonValues(a: Schema, b: Schema): unknown[] | undefined {
  const of = (schema: Schema): unknown => ('const' in schema ? [schema.const] : schema.enum);
  const [left, right] = [of(a), of(b)];
  if (!Array.isArray(left)) return Array.isArray(right) ? right : undefined;
  if (!Array.isArray(right)) return left;
  const texts = right.map((value) => JSON.stringify(value));
  return left.filter((value) => texts.includes(JSON.stringify(value)));
}

function fitsType(value: unknown, schema: Schema): boolean {
  const types = schema.type === undefined ? undefined : typesOf(schema, '');
  return !types || types.some((type) => isOfType(value, type));
}

function describesObject(schema: Schema): boolean {
  return 'properties' in schema || 'additionalProperties' in schema;
}

/** A property that one of the two does not declare falls under its additionalProperties. */
function mergeProperties(a: Schema, b: Schema): Schema {
  const [left, right] = [a.properties ?? {}, b.properties ?? {}] as Schema[];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const of = (properties: Schema, schema: Schema, name: string): unknown =>
    Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
  return Object.fromEntries(Array.from(names, (name) => [name, both(of(left, a, name), of(right, b, name))]));
}

function commonTypes(left: TypeName[] = [], right: TypeName[] = []): TypeName[] {
  const narrower = (type: TypeName, others: TypeName[]): TypeName[] => {
    if (others.includes(type)) return [type];
    if (type === 'number' && others.includes('integer')) return ['integer'];
    return type === 'integer' && others.includes('number') ? ['integer'] : [];
  };
  return [...new Set(left.flatMap((type) => narrower(type, right)))];
}

/** A schema behind its references; a chain of them that leads nowhere is left as it is. */
function resolved(schema: unknown, root: unknown): unknown {
  let target = schema;
  for (let steps = 0; steps < 32 && isOfType(target, 'object') && '$ref' in (target as Schema); steps++) {
    if (Object.keys(target as Schema).length > 1) return target;
    target = resolveReference(root, (target as Schema).$ref, '');
  }
  return target;
}

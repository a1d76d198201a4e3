import { overlap } from './compile-pattern.ts';
import { stringContent } from './json-string.ts';
import { isOfType, type Schema, type TypeName, typesOf } from './schema-keywords.ts';
import { resolveReference } from './schema-reference.ts';

const ALL: TypeName[] = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/**
 * Whether surely no value fits both schemas: they differ in type, constants, ranges, string languages, or in a
 * property that both require. False where that cannot be told.
 */
export function areDisjoint(left: unknown, right: unknown, root: unknown, depth = 0): boolean {
  if (left === false || right === false) return true;
  if (depth > 8 || !isOfType(left, 'object') || !isOfType(right, 'object')) return false;
  const [a, b] = [left as Schema, right as Schema];
  if ('$ref' in a) return areDisjoint(resolveReference(root, a.$ref, ''), b, root, depth + 1);
  if ('$ref' in b) return areDisjoint(b, a, root, depth + 1);
  for (const list of [a.anyOf, a.oneOf]) {
    if (Array.isArray(list)) return list.every((one) => areDisjoint(one, b, root, depth + 1));
  }
  if (Array.isArray(b.anyOf ?? b.oneOf)) return areDisjoint(b, a, root, depth + 1);
  const [valuesA, valuesB] = [valuesOf(a), valuesOf(b)];
  if (valuesA && valuesB) return valuesA.every((value) => !valuesB.includes(value));
  if (valuesB) return areDisjoint(b, a, root, depth + 1);
  const typesB = explicitTypes(b);
  if (valuesA) return valuesA.every((value) => !typesB.some((type) => isOfType(JSON.parse(value), type)));
  // Types that both allow, each of which must be told apart by its own keywords.
  const common = explicitTypes(a).filter((type) =>
    typesB.some((other) => other === type || (isNumeric(other) && isNumeric(type))),
  );
  return common.every((type) => {
    if (isNumeric(type)) return rangesApart(a, b) || rangesApart(b, a);
    if (type === 'string') return !overlap(stringContent(a), stringContent(b));
    return type === 'object' && objectsApart(a, b, root, depth);
  });
}

function explicitTypes(schema: Schema): TypeName[] {
  return schema.type === undefined ? ALL : (typesOf(schema, '') ?? ALL);
}

function isNumeric(type: TypeName): boolean {
  return type === 'number' || type === 'integer';
}

function valuesOf(schema: Schema): string[] | undefined {
  if ('const' in schema) return [JSON.stringify(schema.const)];
  return Array.isArray(schema.enum) ? schema.enum.map((value) => JSON.stringify(value)) : undefined;
}

/** Everything in `low` lies below everything in `high`. */
function rangesApart(low: Schema, high: Schema): boolean {
  const top = Math.min((low.maximum as number) ?? Infinity, (low.exclusiveMaximum as number) ?? Infinity);
  const bottom = Math.max((high.minimum as number) ?? -Infinity, (high.exclusiveMinimum as number) ?? -Infinity);
  const open = low.exclusiveMaximum === top || high.exclusiveMinimum === bottom;
  return top < bottom || (top === bottom && open);
}

function objectsApart(a: Schema, b: Schema, root: unknown, depth: number): boolean {
  const [propertiesA, propertiesB] = [propertiesOf(a), propertiesOf(b)];
  const [requiredA, requiredB] = [requiredOf(a), requiredOf(b)];
  return (
    requiredA.some((name) => b.additionalProperties === false && !Object.hasOwn(propertiesB, name)) ||
    requiredB.some((name) => a.additionalProperties === false && !Object.hasOwn(propertiesA, name)) ||
    [...requiredA, ...requiredB].some(
      (name) =>
        Object.hasOwn(propertiesA, name) &&
        Object.hasOwn(propertiesB, name) &&
        areDisjoint(propertiesA[name], propertiesB[name], root, depth + 1),
    )
  );
}

function propertiesOf(schema: Schema): Schema {
  return isOfType(schema.properties, 'object') ? (schema.properties as Schema) : {};
}

function requiredOf(schema: Schema): string[] {
  return Array.isArray(schema.required) ? schema.required : [];
}

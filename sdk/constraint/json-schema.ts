import { AutomatonTooLarge } from './automaton.ts';
import { stringPattern } from './json-string.ts';
import { anyValue, colon, comma } from './json-value.ts';
import { mergeSchemas } from './merge-schemas.ts';
import { choice, literal, type Member, nothing, type Pattern, repeat, sequence } from './pattern.ts';
import { listedPattern, scalarPattern } from './scalar-schema.ts';
import { areDisjoint } from './schema-disjoint.ts';
import {
  checkKeywords,
  countKeyword,
  isAnnotation,
  isOfType,
  type Schema,
  schemaError,
  type TypeName,
  typesOf,
} from './schema-keywords.ts';
import { resolveReference } from './schema-reference.ts';

/** How deep a value may nest where the schema says nothing about it. */
const FREE_DEPTH = 3;
/** More pieces than a schema written by hand has. */
const MAX_PIECES = 20_000;
/** Joins of schemas, one inside the other. */
const MAX_JOINED = 200;

/**
 * The texts of a JSON schema's values, as one pattern: compact JSON with at most one space after `:` and `,`,
 * properties in the order of the schema, no properties but the declared ones. Recursion (`$ref`) is expanded to a
 * bounded depth: at most `depth` times through the same reference, one inside the other.
 *
 * @throws GptletError INVALID_OPTION for a schema with keywords that cannot be kept.
 */
export function schemaPattern(root: unknown, depth: number): Pattern {
  return new SchemaCompiler(root, depth).value(root, '');
}

class SchemaCompiler {
  readonly #root: unknown;
  readonly #depth: number;
  readonly #entered: Map<string, number> = new Map();
  #pieces = 0;
  #joining = 0;

  constructor(root: unknown, depth: number) {
    this.#root = root;
    this.#depth = depth;
  }

  value(schema: unknown, path: string): Pattern {
    if (++this.#pieces > MAX_PIECES) throw new AutomatonTooLarge();
    if (schema === true) return anyValue(FREE_DEPTH);
    if (schema === false) return nothing();
    if (!isOfType(schema, 'object'))
      throw schemaError(path, `is ${JSON.stringify(schema) ?? typeof schema}; allowed is an object, true or false`);
    const object = schema as Schema;
    checkKeywords(object, path);
    for (const keyword of ['$ref', 'anyOf', 'oneOf', 'allOf']) {
      if (!(keyword in object)) continue;
      const { [keyword]: own, ...others } = object;
      if (Object.keys(others).some((other) => !isAnnotation(other)))
        return this.#all([{ [keyword]: own }, others], path);
      if (keyword === '$ref') return this.#reference(own, path);
      if (keyword !== 'allOf') return this.#alternatives(own, keyword, `${path}/${keyword}`);
      return this.#all(listOfSchemas(own, `${path}/allOf`), `${path}/allOf`);
    }
    if ('const' in object || 'enum' in object) return listedPattern(object, path);
    const types = typesOf(object, path);
    return types ? choice(...types.map((type) => this.#ofType(type, object, path))) : anyValue(FREE_DEPTH);
  }

  #reference(reference: unknown, path: string): Pattern {
    const target = resolveReference(this.#root, reference, path);
    const key = reference as string;
    const times = this.#entered.get(key) ?? 0;
    if (times >= this.#depth) return nothing();
    this.#entered.set(key, times + 1);
    const pattern = this.value(target, key);
    this.#entered.set(key, times);
    return pattern;
  }

  /** Values that fit every schema: joined keyword by keyword where that can be, else the texts that all allow. */
  #all(schemas: readonly unknown[], path: string): Pattern {
    if (++this.#joining > MAX_JOINED)
      throw schemaError(path, 'joins itself without end; allowed is a $ref to it below a property or an item');
    const pattern = this.#joined(schemas, path);
    this.#joining--;
    return pattern;
  }

  #joined(schemas: readonly unknown[], path: string): Pattern {
    const [first, second, ...rest] = schemas;
    if (schemas.length === 1) return this.value(first, path);
    for (const [one, other] of [
      [first, second],
      [second, first],
    ]) {
      const keyword = isOfType(one, 'object') ? ['anyOf', 'oneOf'].find((name) => name in (one as Schema)) : undefined;
      if (!keyword || Object.keys(one as Schema).length > 1) continue;
      const options = listOfSchemas((one as Schema)[keyword], path);
      if (keyword === 'oneOf') {
        const whole = options.map((option) => mergeSchemas(option, other, this.#root) ?? option);
        this.#checkDisjoint(whole, path);
      }
      return choice(...options.map((option) => this.#all([option, other, ...rest], path)));
    }
    if (isOfType(first, 'object') && Array.isArray((first as Schema).allOf)) {
      const { allOf, ...others } = first as Schema;
      const parts = listOfSchemas(allOf, path);
      return this.#all([...parts, ...(Object.keys(others).length > 0 ? [others] : []), second, ...rest], path);
    }
    const merged = mergeSchemas(first, second, this.#root);
    if (merged !== undefined) return this.#all([merged, ...rest], path);
    return { kind: 'both', left: this.value(first, path), right: this.#all([second, ...rest], path) };
  }

  #alternatives(list: unknown, keyword: string, path: string): Pattern {
    const schemas = listOfSchemas(list, path);
    // First, because it checks the schemas themselves.
    const pattern = choice(...schemas.map((schema, i) => this.value(schema, `${path}/${i}`)));
    if (keyword === 'oneOf') this.#checkDisjoint(schemas, path);
    return pattern;
  }

  #checkDisjoint(schemas: readonly unknown[], path: string): void {
    schemas.forEach((schema, i) => {
      for (const other of schemas.slice(0, i)) {
        if (areDisjoint(schema, other, this.#root)) continue;
        throw schemaError(
          path,
          `may have two schemas that both fit (${schemas.indexOf(other)} and ${i}); allowed is anyOf, or schemas that tell apart by type, a constant or a required property`,
        );
      }
    });
  }

  #ofType(type: TypeName, schema: Schema, path: string): Pattern {
    if (type === 'array') return this.#array(schema, path);
    if (type === 'object') return this.#object(schema, path);
    return scalarPattern(type, schema, path);
  }

  #array(schema: Schema, path: string): Pattern {
    const min = countKeyword(schema, 'minItems', path, 0);
    const max = countKeyword(schema, 'maxItems', path, Infinity);
    if (min > max) return nothing();
    const item = this.value(schema.items ?? true, `${path}/items`);
    return sequence(literal('['), repeat(item, min, max, comma()), literal(']'));
  }

  #object(schema: Schema, path: string): Pattern {
    const { properties = {}, required = [], additionalProperties = true } = schema;
    if (!isOfType(properties, 'object')) throw schemaError(path, 'has properties that are not an object');
    if (!Array.isArray(required) || !required.every((name) => typeof name === 'string'))
      throw schemaError(path, 'has a required that is not a list of names');
    const declared = new Map(Object.entries(properties as Schema));
    for (const name of required) if (!declared.has(name)) declared.set(name, additionalProperties);
    const most = countKeyword(schema, 'maxProperties', path, Infinity);
    if (most < declared.size)
      throw schemaError(
        path,
        `has maxProperties ${most} beside ${declared.size} properties; allowed is at least as many`,
      );
    if (declared.size === 0) {
      if (additionalProperties === false) return literal('{}');
      const name = stringPattern({});
      const member = sequence(name, colon(), this.value(additionalProperties, `${path}/additionalProperties`));
      return sequence(literal('{'), repeat(member, 0, most, comma()), literal('}'));
    }
    const members: Member[] = Array.from(declared, ([name, value]) => ({
      pattern: sequence(literal(JSON.stringify(name)), colon(), this.value(value, `${path}/properties/${name}`)),
      required: required.includes(name),
    }));
    return sequence(literal('{'), { kind: 'members', members, separator: comma() }, literal('}'));
  }
}

function listOfSchemas(schemas: unknown, path: string): unknown[] {
  if (!Array.isArray(schemas) || schemas.length === 0) throw schemaError(path, 'is no list of schemas');
  return schemas;
}

import { constantValues, listedValues } from './constant-values.ts';
import { isSchema } from './document.ts';
import { namesOf, recordOf, schemaOf, schemasOf } from './keyword-values.ts';
import { anyObject, type Layer } from './object-shape.ts';
import { NUMBER_KEYWORDS, numberSet, STRING_KEYWORDS, stringSet, typedValues } from './scalar-keywords.ts';
import { schemaError, UnenforceableError } from './schema-error.ts';
import { ARRAY_KEYWORDS, arrayShape, OBJECT_KEYWORDS, objectShape } from './structure-keywords.ts';
import type { Schema, Term } from './term.ts';
import { withoutUnevaluated } from './unevaluated.ts';
import type { ValueContext } from './value-context.ts';
import { TooManyWays, type Values } from './values.ts';

/** Parts of an anyOf of which any number together is tried. */
const MAX_AT_ONCE = 5;
const CONDITIONAL = ['dependentRequired', 'dependentSchemas', 'dependencies', 'not', 'if'];
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
/** Keywords that are read together. */
const GROUPS: readonly (readonly string[])[] = [NUMBER_KEYWORDS, STRING_KEYWORDS, ARRAY_KEYWORDS, OBJECT_KEYWORDS];

/** Reads schemas, keyword by keyword. */
export class SchemaReader {
  readonly #context: ValueContext;
  readonly #ignore: boolean;

  /** @param ignore whether conditions that cannot be enforced are left out */
  constructor(context: ValueContext, ignore: boolean) {
    this.#context = context;
    this.#ignore = ignore;
  }

  /** Reads a schema's own conditions, for their errors: those of its parts are theirs. */
  check(schema: Schema): void {
    const { path } = this.#context.document.place(schema);
    for (const keywords of GROUPS) {
      if (keywords.some((keyword) => keyword in schema))
        this.#enforceable(() => this.#keyword(keywords[0], schema, path), path);
    }
    for (const keyword of REFERENCES) if (keyword in schema) this.#reference(schema, keyword);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) if (keyword in schema) schemasOf(schema[keyword], keyword, path);
    if ('type' in schema) typedValues(schema, path, this.#context.sets.everything, this.#context.sets.nothing);
  }

  /** The values that fit a schema. */
  read(schema: Schema): Values {
    const { path, refAlone } = this.#context.document.place(schema);
    if (refAlone && '$ref' in schema) return this.#context.of(this.#reference(schema));
    const parts: (() => Values)[] = [];
    const done = new Set<string>();
    // What depends on properties has no say in their order.
    const keywords = Object.keys(schema);
    const inOrder = [
      ...keywords.filter((each) => !CONDITIONAL.includes(each)),
      ...CONDITIONAL.filter((each) => each in schema),
    ];
    for (const keyword of inOrder) {
      const group = GROUPS.find((keywords) => keywords.includes(keyword)) ?? [keyword];
      if (done.has(group[0])) continue;
      done.add(group[0]);
      parts.push(() => this.#enforceable(() => this.#keyword(group[0], schema, path), path));
    }
    return this.#enforceable(() => withoutUnevaluated(schema, path, this.#context.all(parts), this.#context), path);
  }

  #enforceable(make: () => Values, path: string): Values {
    try {
      return make();
    } catch (thrown) {
      const error =
        thrown instanceof TooManyWays ? new UnenforceableError(path, 'can be fitted in too many ways') : thrown;
      if (this.#ignore && error instanceof UnenforceableError) return { ...this.#context.sets.everything, loose: true };
      throw error;
    }
  }

  /** What a keyword, with those that it is to be read with, allows. */
  #keyword(keyword: string, schema: Schema, path: string): Values {
    const { sets, terms, language } = this.#context;
    const { everything, nothing } = sets;
    const term = (value: unknown, at = keyword): Term => terms.schema(schemaOf(value, at, path));
    const list = (): Term[] => schemasOf(schema[keyword], keyword, path).map((each) => terms.schema(each));
    switch (keyword) {
      case 'type':
        return typedValues(schema, path, everything, nothing);
      case 'const':
        return constantValues(schema.const, this.#context);
      case 'enum':
        if (!Array.isArray(schema.enum)) throw schemaError(path, 'has an enum that is not a list');
        return listedValues(schema.enum, this.#context);
      case NUMBER_KEYWORDS[0]:
        return { ...everything, numbers: [{ set: numberSet(schema, path, language), form: 'free' }] };
      case STRING_KEYWORDS[0]:
        return { ...everything, strings: stringSet(schema, path, language) };
      case ARRAY_KEYWORDS[0]:
        return { ...everything, arrays: [arrayShape(schema, path, terms)] };
      case OBJECT_KEYWORDS[0]:
        return { ...everything, objects: [objectShape(schema, path, terms, language)] };
      case '$ref':
      case '$dynamicRef':
      case '$recursiveRef':
        return this.#context.of(this.#reference(schema, keyword));
      case 'allOf':
        return this.#context.all(list().map((part) => () => this.#context.of(part)));
      case 'anyOf':
        return this.#anyOf(list());
      case 'oneOf':
        return this.#oneOf(list());
      case 'not':
        return this.#not(schema.not, path);
      case 'if':
        return this.#conditional(term(schema.if), term(schema.then ?? true, 'then'), term(schema.else ?? true, 'else'));
      case 'dependentRequired':
      case 'dependentSchemas':
      case 'dependencies':
        return this.#context.all(
          recordOf(schema, keyword, path).map(
            ([name, value]) =>
              () =>
                this.#dependency(name, value, keyword, path),
          ),
        );
    }
    return everything;
  }

  #reference(schema: Schema, keyword = '$ref'): Term {
    const { path } = this.#context.document.place(schema);
    const find = keyword === '$ref' ? this.#context.document.resolve : this.#context.document.resolveDynamic;
    return this.#context.terms.schema(
      schemaOf(find.call(this.#context.document, schema[keyword], schema), keyword, path),
    );
  }

  /** Several may fit at once, and then all of them have spoken of their properties. */
  #anyOf(parts: readonly Term[]): Values {
    const { sets } = this.#context;
    const values = parts.map((part) => this.#context.of(part));
    if (!this.#context.document.hasUnevaluated || parts.length > MAX_AT_ONCE) return sets.anyOf(values);
    const atOnce: Values[] = [];
    for (const part of values) {
      const joined = atOnce.map((way) => this.#context.tidy(sets.intersect(way, part)));
      atOnce.push(part, ...joined);
    }
    return sets.anyOf(atOnce);
  }

  #oneOf(parts: readonly Term[]): Values {
    const { sets } = this.#context;
    const values = parts.map((part) => this.#context.of(part));
    const overlap = (a: Values, b: Values): boolean => !this.#context.isEmpty(this.#context.tidy(sets.intersect(a, b)));
    return sets.anyOf(
      values.map((own, i) =>
        this.#context.all([
          () => own,
          ...values.flatMap((other, k) => (k !== i && overlap(own, other) ? [() => sets.complement(other)] : [])),
        ]),
      ),
    );
  }

  #not(body: unknown, path: string): Values {
    // Twice not is once said, but for what it has spoken of; the complement of a complement would be worked out in full.
    if (!this.#context.document.hasUnevaluated && isSchema(body) && 'not' in body && Object.keys(body).length === 1)
      return this.#context.of(this.#context.terms.schema(schemaOf(body.not, 'not', path)));
    return this.#context.sets.complement(this.#context.of(this.#context.terms.schema(schemaOf(body, 'not', path))));
  }

  #conditional(condition: Term, then: Term, otherwise: Term): Values {
    const fits = this.#context.of(condition);
    return this.#context.sets.anyOf([
      this.#context.all([() => fits, () => this.#context.of(then)]),
      this.#context.all([() => this.#context.sets.complement(fits), () => this.#context.of(otherwise)]),
    ]);
  }

  /** Without the property, or with it and what it asks for. */
  #dependency(name: string, value: unknown, keyword: string, path: string): Values {
    const { sets, terms } = this.#context;
    const never: Layer = { properties: new Map([[name, terms.never]]), patterns: [], additional: terms.always };
    const absent: Values = { ...sets.everything, objects: [{ ...anyObject, layers: [never] }] };
    const required = Array.isArray(value) ? namesOf(value, keyword, path) : [];
    const present: Values = { ...sets.nothing, objects: [{ ...anyObject, required: [name, ...required] }] };
    const more = Array.isArray(value)
      ? sets.everything
      : this.#context.of(terms.schema(schemaOf(value, keyword, path)));
    return sets.anyOf([absent, sets.intersect(present, more)]);
  }
}

import type { Expression } from '../expressions/expression.ts';
import { type ArrayShape, anyArray, intersectArrays, itemTerm } from './array-shape.ts';
import { isSchema, SchemaDocument } from './document.ts';
import { namesOf, recordOf, schemaOf, schemasOf } from './keyword-values.ts';
import type { Language } from './language.ts';
import { anyObject, type Layer, type ObjectShape, propertyTerm } from './object-shape.ts';
import { NUMBER_KEYWORDS, numberSet, STRING_KEYWORDS, stringSet, typedValues } from './scalar-keywords.ts';
import { schemaError, UnenforceableError } from './schema-error.ts';
import { ARRAY_KEYWORDS, arrayShape, OBJECT_KEYWORDS, objectShape } from './structure-keywords.ts';
import { type Schema, type Term, Terms } from './term.ts';
import { type Literal, type NumberSet, TooManyWays, ValueSets, type Values } from './values.ts';

/** More ways to fit one place than any schema written by people has. */
const MAX_SHAPES = 5000;

/** Terms inside of terms that are looked at to see whether nothing fits them. */
const MAX_DEPTH = 8;

/** Parts of an anyOf of which any number together is tried. */
const MAX_AT_ONCE = 5;

/** Asked for while it is being answered. */
class CircularTerm extends Error {}

/** What the terms of a schema allow, found out when it is asked for. */
export class Schemas {
  readonly document: SchemaDocument;
  readonly terms: Terms = new Terms();
  readonly language: Language;
  readonly sets: ValueSets;
  readonly #ignore: boolean;
  readonly #known: Map<Term, Values> = new Map();
  readonly #asked: Set<Term> = new Set();

  /**
   * @param others schemas that it refers to, by their addresses
   * @param ignore whether conditions that cannot be enforced are left out
   */
  constructor(root: unknown, others: Readonly<Record<string, unknown>>, ignore: boolean, language: Language) {
    this.language = language;
    this.sets = new ValueSets(this.terms, language, (term) => this.of(term).strings);
    this.document = new SchemaDocument(root, others);
    this.#ignore = ignore;
  }

  /** Reads a schema's own conditions, for their errors: those of its parts are theirs. */
  check(schema: Schema): void {
    const { path } = this.document.place(schema);
    for (const keywords of GROUPS) {
      if (keywords.some((keyword) => keyword in schema))
        this.#enforceable(() => this.#keyword(keywords[0], schema, path), path);
    }
    for (const keyword of REFERENCES) if (keyword in schema) this.#reference(schema, keyword);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) if (keyword in schema) schemasOf(schema[keyword], keyword, path);
    if ('type' in schema) typedValues(schema, path, this.sets.everything, this.sets.nothing);
  }

  /** The values that a term allows, without those of their parts that no value fits. */
  of(term: Term): Values {
    let values = this.#known.get(term);
    if (values) return values;
    if (this.#asked.has(term)) throw new CircularTerm();
    this.#asked.add(term);
    try {
      values = this.#tidy(this.#values(term));
    } catch (error) {
      if (!(error instanceof CircularTerm) || this.#asked.size > 1) throw error;
      const path = term.kind === 'schema' ? this.document.place(term.schema).path : '';
      throw schemaError(path, 'refers to itself without a property or an item between');
    } finally {
      this.#asked.delete(term);
    }
    this.#known.set(term, values);
    return values;
  }

  /** Whether no value fits, as far as a look at the surface tells. */
  isClearlyEmpty(term: Term): boolean {
    if (term.kind === 'never' || term.kind === 'always') return term.kind === 'never';
    // Deeper than this a look at the surface is a search of its own.
    if (this.#asked.size > MAX_DEPTH && !this.#known.has(term)) return false;
    try {
      return this.#isEmpty(this.of(term));
    } catch (error) {
      if (error instanceof CircularTerm) return false;
      throw error;
    }
  }

  #isEmpty({ literals, numbers, strings, arrays, objects }: Values): boolean {
    if (literals.size > 0 || arrays.length > 0 || objects.length > 0) return false;
    const { expressions } = this.language;
    return expressions.isNothing(strings) && numbers.every((number) => expressions.isNothing(this.numberText(number)));
  }

  /** The texts of a set of numbers, in its form. */
  numberText({ set, form }: NumberSet): Expression {
    const { expressions, numbers } = this.language;
    const written = { free: numbers.plain, integer: numbers.integerForm, shortest: numbers.shortestForm }[form];
    if (set === numbers.any) return form === 'free' ? set : written;
    return expressions.both(set, written);
  }

  /** Without the shapes that nothing fits. */
  #tidy(values: Values): Values {
    const { arrays, objects } = values;
    if (arrays.length + objects.length > MAX_SHAPES) throw new TooManyWays();
    return {
      ...values,
      arrays: arrays
        .map((shape) => this.#bounded(shape))
        .filter((shape) => {
          if (shape.min > shape.max) return false;
          const first = Math.min(shape.min, shape.prefix.length + 1);
          return !Array.from({ length: first }, (_, i) => itemTerm(shape, i)).some((term) => this.isClearlyEmpty(term));
        }),
      objects: objects.filter(
        (shape) =>
          shape.min <= shape.max &&
          shape.required.length <= shape.max &&
          !shape.required.some((name) => this.isClearlyEmpty(this.property(shape, name))),
      ),
    };
  }

  /** Items that must differ are no more than there are values for them. */
  #bounded(shape: ArrayShape): ArrayShape {
    if (!shape.unique || shape.prefix.length > 0 || this.isClearlyEmpty(shape.rest)) return shape;
    const values = this.#known.get(shape.rest);
    if (!values || values.arrays.length > 0 || values.objects.length > 0) return shape;
    const { expressions } = this.language;
    const sets = [values.strings, ...values.numbers.map((number) => this.numberText(number))];
    const count = sets.reduce((sum, set) => sum + expressions.count(set), values.literals.size);
    return count < shape.max ? { ...shape, max: count } : shape;
  }

  property(shape: ObjectShape, name: string): Term {
    return propertyTerm(shape, name, this.terms, this.language);
  }

  #values(term: Term): Values {
    const { sets } = this;
    switch (term.kind) {
      case 'always':
        return sets.everything;
      case 'never':
        return sets.nothing;
      case 'constant':
        return this.#constant(term.value);
      case 'all':
        return this.#all(term.parts.map((part) => () => this.of(part)));
      case 'any':
        return sets.anyOf(term.parts.map((part) => this.of(part)));
      case 'not':
        return sets.complement(this.of(term.body));
      case 'schema':
        return this.#schema(term.schema);
    }
  }

  #all(parts: readonly (() => Values)[]): Values {
    return parts.reduce((all, part) => this.#tidy(this.sets.intersect(all, part())), this.sets.everything);
  }

  #constant(value: unknown): Values {
    const { nothing } = this.sets;
    const { terms, language } = this;
    if (value === null || typeof value === 'boolean')
      return { ...nothing, literals: new Set([String(value) as Literal]) };
    if (typeof value === 'number')
      return { ...nothing, numbers: [{ set: language.numbers.equalTo(value), form: 'shortest' }] };
    if (typeof value === 'string') return { ...nothing, strings: language.content.literal(value) };
    if (Array.isArray(value)) {
      const prefix = value.map((item) => terms.constant(item));
      return {
        ...nothing,
        arrays: [{ ...anyArray(terms), prefix, rest: terms.never, min: value.length, max: value.length }],
      };
    }
    const properties = new Map(Object.entries(value as object).map(([name, part]) => [name, terms.constant(part)]));
    const names = [...properties.keys()];
    return {
      ...nothing,
      objects: [
        { ...anyObject, names, required: names, layers: [{ properties, patterns: [], additional: terms.never }] },
      ],
    };
  }

  #listed(values: readonly unknown[]): Values {
    const texts = values.filter((value) => typeof value === 'string');
    const others = values.filter((value) => typeof value !== 'string').map((value) => this.#constant(value));
    return this.sets.anyOf([
      { ...this.sets.nothing, strings: this.language.content.literals(new Set(texts)) },
      ...others,
    ]);
  }

  #schema(schema: Schema): Values {
    const { path, refAlone } = this.document.place(schema);
    if (refAlone && '$ref' in schema) return this.of(this.#reference(schema));
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
    return this.#enforceable(() => this.#unevaluated(schema, path, this.#all(parts)), path);
  }

  #enforceable(make: () => Values, path: string): Values {
    try {
      return make();
    } catch (thrown) {
      const error =
        thrown instanceof TooManyWays ? new UnenforceableError(path, 'can be fitted in too many ways') : thrown;
      if (this.#ignore && error instanceof UnenforceableError) return { ...this.sets.everything, loose: true };
      throw error;
    }
  }

  /** What a keyword, with those that it is to be read with, allows. */
  #keyword(keyword: string, schema: Schema, path: string): Values {
    const { sets, terms, language } = this;
    const { everything, nothing } = sets;
    const term = (value: unknown, at = keyword): Term => terms.schema(schemaOf(value, at, path));
    const list = (): Term[] => schemasOf(schema[keyword], keyword, path).map((each) => terms.schema(each));
    switch (keyword) {
      case 'type':
        return typedValues(schema, path, everything, nothing);
      case 'const':
        return this.#constant(schema.const);
      case 'enum':
        if (!Array.isArray(schema.enum)) throw schemaError(path, 'has an enum that is not a list');
        return this.#listed(schema.enum);
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
        return this.of(this.#reference(schema, keyword));
      case 'allOf':
        return this.#all(list().map((part) => () => this.of(part)));
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
        return this.#all(
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
    const { path } = this.document.place(schema);
    const find = keyword === '$ref' ? this.document.resolve : this.document.resolveDynamic;
    return this.terms.schema(schemaOf(find.call(this.document, schema[keyword], schema), keyword, path));
  }

  /** Several may fit at once, and then all of them have spoken of their properties. */
  #anyOf(parts: readonly Term[]): Values {
    const { sets } = this;
    const values = parts.map((part) => this.of(part));
    if (!this.document.hasUnevaluated || parts.length > MAX_AT_ONCE) return sets.anyOf(values);
    const atOnce: Values[] = [];
    for (const part of values) {
      const joined = atOnce.map((way) => this.#tidy(sets.intersect(way, part)));
      atOnce.push(part, ...joined);
    }
    return sets.anyOf(atOnce);
  }

  #oneOf(parts: readonly Term[]): Values {
    const { sets } = this;
    const values = parts.map((part) => this.of(part));
    const overlap = (a: Values, b: Values): boolean => !this.#isEmpty(this.#tidy(sets.intersect(a, b)));
    return sets.anyOf(
      values.map((own, i) =>
        this.#all([
          () => own,
          ...values.flatMap((other, k) => (k !== i && overlap(own, other) ? [() => sets.complement(other)] : [])),
        ]),
      ),
    );
  }

  #not(body: unknown, path: string): Values {
    // Twice not is once said: the complement of a complement would be worked out in full.
    if (isSchema(body) && 'not' in body && Object.keys(body).length === 1)
      return this.of(this.terms.schema(schemaOf(body.not, 'not', path)));
    return this.sets.complement(this.of(this.terms.schema(schemaOf(body, 'not', path))));
  }

  #conditional(condition: Term, then: Term, otherwise: Term): Values {
    const fits = this.of(condition);
    return this.sets.anyOf([
      this.#all([() => fits, () => this.of(then)]),
      this.#all([() => this.sets.complement(fits), () => this.of(otherwise)]),
    ]);
  }

  /** Without the property, or with it and what it asks for. */
  #dependency(name: string, value: unknown, keyword: string, path: string): Values {
    const { sets, terms } = this;
    const never: Layer = { properties: new Map([[name, terms.never]]), patterns: [], additional: terms.always };
    const absent: Values = { ...sets.everything, objects: [{ ...anyObject, layers: [never] }] };
    const required = Array.isArray(value) ? namesOf(value, keyword, path) : [];
    const present: Values = { ...sets.nothing, objects: [{ ...anyObject, required: [name, ...required] }] };
    const more = Array.isArray(value) ? sets.everything : this.of(terms.schema(schemaOf(value, keyword, path)));
    return sets.anyOf([absent, sets.intersect(present, more)]);
  }

  #unevaluated(schema: Schema, path: string, values: Values): Values {
    const { terms, language } = this;
    const term = (keyword: string): Term => terms.schema(schemaOf(schema[keyword], keyword, path));
    let { arrays, objects } = values;
    if (schema.unevaluatedItems !== undefined) {
      arrays = arrays.map((shape) => {
        const { first, terms: fitting } = shape.evaluated;
        if (first === Infinity) return shape;
        const prefix = Array.from({ length: first }, () => terms.always);
        const others = { ...anyArray(terms), prefix, rest: terms.any(term('unevaluatedItems'), ...fitting) };
        return { ...intersectArrays(shape, others, terms), evaluated: { first: Infinity, terms: [] } };
      });
    }
    if (schema.unevaluatedProperties !== undefined) {
      objects = objects.map((shape) => {
        const { names, patterns } = shape.evaluated;
        const layer: Layer = {
          properties: new Map(names.map((name) => [name, terms.always])),
          patterns: patterns.map((pattern) => ({ names: pattern, term: terms.always })),
          additional: term('unevaluatedProperties'),
        };
        return {
          ...shape,
          layers: [...shape.layers, layer],
          evaluated: { names: [], patterns: [language.content.any] },
        };
      });
    }
    return arrays === values.arrays && objects === values.objects ? values : { ...values, arrays, objects };
  }
}

const CONDITIONAL = ['dependentRequired', 'dependentSchemas', 'dependencies', 'not', 'if'];
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
/** Keywords that are read together. */
const GROUPS: readonly (readonly string[])[] = [NUMBER_KEYWORDS, STRING_KEYWORDS, ARRAY_KEYWORDS, OBJECT_KEYWORDS];

import type { Expression } from '../expressions/expression.ts';
import { type ArrayShape, itemTerm } from './array-shape.ts';
import { constantValues } from './constant-values.ts';
import { SchemaDocument } from './document.ts';
import type { Language } from './language.ts';
import { type ObjectShape, propertyTerm } from './object-shape.ts';
import { schemaError } from './schema-error.ts';
import { SchemaReader } from './schema-reader.ts';
import { type Schema, type Term, Terms } from './term.ts';
import type { ValueContext } from './value-context.ts';
import { type NumberSet, TooManyWays, ValueSets, type Values } from './values.ts';

/** More ways to fit one place than any schema written by people has. */
const MAX_SHAPES = 5000;

/** Terms inside of terms that are looked at to see whether nothing fits them. */
const MAX_DEPTH = 8;

/** Asked for while it is being answered. */
class CircularTerm extends Error {}

/** What the terms of a schema allow, found out when it is asked for. */
export class Schemas implements ValueContext {
  readonly document: SchemaDocument;
  readonly terms: Terms = new Terms();
  readonly language: Language;
  readonly sets: ValueSets;
  readonly #reader: SchemaReader;
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
    this.#reader = new SchemaReader(this, ignore);
  }

  /** Reads a schema's own conditions, for their errors: those of its parts are theirs. */
  check(schema: Schema): void {
    this.#reader.check(schema);
  }

  /** The values that a term allows, without those of their parts that no value fits. */
  of(term: Term): Values {
    let values = this.#known.get(term);
    if (values) return values;
    if (this.#asked.has(term)) throw new CircularTerm();
    this.#asked.add(term);
    try {
      values = this.tidy(this.#values(term));
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
      return this.isEmpty(this.of(term));
    } catch (error) {
      if (error instanceof CircularTerm) return false;
      throw error;
    }
  }

  isEmpty({ literals, numbers, strings, arrays, objects }: Values): boolean {
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
  tidy(values: Values): Values {
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
        return constantValues(term.value, this);
      case 'all':
        return this.all(term.parts.map((part) => () => this.of(part)));
      case 'any':
        return sets.anyOf(term.parts.map((part) => this.of(part)));
      case 'not':
        return sets.complement(this.of(term.body));
      case 'schema':
        return this.#reader.read(term.schema);
    }
  }

  /** Values that are in all of some sets, which are asked for one after the other. */
  all(parts: readonly (() => Values)[]): Values {
    return parts.reduce((all, part) => this.tidy(this.sets.intersect(all, part())), this.sets.everything);
  }
}

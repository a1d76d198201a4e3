import type { Expression } from '../expressions/expression.ts';
import { type ArrayShape, anyArray, complementArray, intersectArrays } from './array-shape.ts';
import type { Language } from './language.ts';
import { anyObject, complementObject, intersectObjects, type ObjectShape } from './object-shape.ts';
import type { Term, Terms } from './term.ts';

/** A set of JSON values, type by type; of arrays and objects any one of several shapes. */
export interface Values {
  readonly literals: ReadonlySet<Literal>;
  readonly numbers: readonly NumberSet[];
  /** Contents of the strings. */
  readonly strings: Expression;
  readonly arrays: readonly ArrayShape[];
  readonly objects: readonly ObjectShape[];
  /** Whether a condition was left out on request: then it holds more than it should, and its complement says nothing. */
  readonly loose?: boolean;
}

export type Literal = 'null' | 'true' | 'false';

export interface NumberSet {
  readonly set: Expression;
  /** How its numbers are to be written: as integers, without idle zeros, or in any way. */
  readonly form: 'free' | 'shortest' | 'integer';
}

/** Shapes that joining two lists may make, and all joining together: more than any schema written by people needs. */
const MAX_PAIRS = 20_000;
const MAX_MADE = 200_000;

/** A place can be fitted in more ways than can be followed. */
export class TooManyWays extends Error {}

const FORMS: readonly NumberSet['form'][] = ['free', 'shortest', 'integer'];

/** Unions, intersections and complements of sets of values. */
export class ValueSets {
  readonly #terms: Terms;
  readonly #language: Language;
  #made = 0;
  readonly everything: Values;
  readonly nothing: Values;
  readonly #stringsOf: (term: Term) => Expression;

  constructor(terms: Terms, language: Language, stringsOf: (term: Term) => Expression) {
    this.#stringsOf = stringsOf;
    this.#terms = terms;
    this.#language = language;
    const { content, numbers, expressions } = language;
    this.everything = {
      literals: new Set(['null', 'true', 'false'] as const),
      numbers: [{ set: numbers.any, form: 'free' }],
      strings: content.any,
      arrays: [anyArray(terms)],
      objects: [anyObject],
    };
    this.nothing = { literals: new Set(), numbers: [], strings: expressions.nothing, arrays: [], objects: [] };
  }

  anyOf(all: readonly Values[]): Values {
    if (all.length === 1) return all[0];
    return {
      literals: new Set(all.flatMap(({ literals }) => [...literals])),
      numbers: this.#uniteNumbers(all.flatMap(({ numbers }) => numbers)),
      strings: this.#language.expressions.choice(all.map(({ strings }) => strings)),
      arrays: [...new Set(all.flatMap(({ arrays }) => arrays))],
      objects: [...new Set(all.flatMap(({ objects }) => objects))],
      loose: all.some(({ loose }) => loose),
    };
  }

  intersect(a: Values, b: Values): Values {
    if (a === this.everything) return b;
    if (b === this.everything) return a;
    return {
      literals: new Set([...a.literals].filter((literal) => b.literals.has(literal))),
      numbers: this.#uniteNumbers(
        a.numbers.flatMap((left) => b.numbers.map((right) => this.#intersectNumbers(left, right))),
      ),
      strings: this.#intersectStrings(a.strings, b.strings),
      arrays: this.#pairs(a.arrays, b.arrays, this.everything.arrays[0], (left, right) =>
        intersectArrays(left, right, this.#terms),
      ),
      objects: this.#pairs(a.objects, b.objects, anyObject, intersectObjects),
      loose: a.loose || b.loose,
    };
  }

  complement(of: Values): Values {
    if (of.loose) return { ...this.everything, loose: true };
    const { expressions, content } = this.#language;
    const { literals, numbers, arrays, objects } = this.everything;
    return {
      literals: new Set([...literals].filter((literal) => !of.literals.has(literal))),
      numbers: of.numbers.reduce<readonly NumberSet[]>(
        (left, number) =>
          this.#uniteNumbers(
            left.flatMap((one) => this.#complementNumbers(number).map((other) => this.#intersectNumbers(one, other))),
          ),
        numbers,
      ),
      strings: of.strings === content.any ? expressions.nothing : expressions.without(content.any, of.strings),
      arrays: of.arrays.reduce<readonly ArrayShape[]>(
        (left, shape) =>
          this.#pairs(left, complementArray(shape, this.#terms), arrays[0], (a, b) =>
            intersectArrays(a, b, this.#terms),
          ),
        arrays,
      ),
      objects: of.objects.reduce<readonly ObjectShape[]>(
        (left, shape) =>
          this.#pairs(
            left,
            complementObject(shape, this.#terms, this.#language, this.#stringsOf),
            anyObject,
            intersectObjects,
          ),
        objects,
      ),
    };
  }

  #intersectStrings(a: Expression, b: Expression): Expression {
    const { any } = this.#language.content;
    if (a === any) return b;
    return b === any ? a : this.#language.expressions.both(a, b);
  }

  #intersectNumbers(a: NumberSet, b: NumberSet): NumberSet {
    const { any } = this.#language.numbers;
    const form = FORMS[Math.max(FORMS.indexOf(a.form), FORMS.indexOf(b.form))];
    const set = a.set === any ? b.set : b.set === any ? a.set : this.#language.expressions.both(a.set, b.set);
    return { set, form };
  }

  #uniteNumbers(all: readonly NumberSet[]): NumberSet[] {
    const { expressions } = this.#language;
    return FORMS.map((form) => ({
      form,
      set: expressions.choice(all.filter((number) => number.form === form).map(({ set }) => set)),
    })).filter(({ set }) => set !== expressions.nothing);
  }

  #complementNumbers({ set, form }: NumberSet): NumberSet[] {
    const { expressions, numbers } = this.#language;
    const others: NumberSet[] = [];
    if (set !== numbers.any) others.push({ set: expressions.without(numbers.plain, set), form: 'free' });
    if (form === 'integer') others.push({ set: expressions.without(numbers.plain, numbers.wholeValues), form: 'free' });
    return others;
  }

  /** Every one of the left with every one of the right; `any` says nothing. */
  #pairs<Shape>(
    left: readonly Shape[],
    right: readonly Shape[],
    any: Shape,
    join: (a: Shape, b: Shape) => Shape,
  ): readonly Shape[] {
    if (left.length === 1 && left[0] === any) return right;
    if (right.length === 1 && right[0] === any) return left;
    const count = left.length * right.length;
    this.#made += count;
    if (count > MAX_PAIRS || this.#made > MAX_MADE) throw new TooManyWays();
    return left.flatMap((a) => right.map((b) => (a === any ? b : b === any ? a : join(a, b))));
  }
}

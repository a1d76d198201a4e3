import { UnenforceableError } from './schema-error.ts';
import type { Term, Terms } from './term.ts';

/** Arrays that fit some conditions at once. */
export interface ArrayShape {
  /** Of the first items; the others are `rest`. */
  readonly prefix: readonly Term[];
  readonly rest: Term;
  readonly min: number;
  readonly max: number;
  readonly unique: boolean;
  readonly contains: readonly Contains[];
  readonly evaluated: EvaluatedItems;
}

/** Among the items from index `from`, at least `min` and at most `max` fit. */
export interface Contains {
  readonly term: Term;
  readonly min: number;
  readonly max: number;
  readonly from: number;
}

/** Items that a schema has spoken of: the first ones, all of them, those that fit a term. */
export interface EvaluatedItems {
  readonly first: number;
  readonly terms: readonly Term[];
}

export const noItems: EvaluatedItems = { first: 0, terms: [] };

export const anyArray = (terms: Terms): ArrayShape => ({
  prefix: [],
  rest: terms.always,
  min: 0,
  max: Infinity,
  unique: false,
  contains: [],
  evaluated: noItems,
});

export const itemTerm = ({ prefix, rest }: ArrayShape, index: number): Term => prefix[index] ?? rest;

export function intersectArrays(a: ArrayShape, b: ArrayShape, terms: Terms): ArrayShape {
  return {
    prefix: Array.from({ length: Math.max(a.prefix.length, b.prefix.length) }, (_, i) =>
      terms.all(itemTerm(a, i), itemTerm(b, i)),
    ),
    rest: terms.all(a.rest, b.rest),
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
    unique: a.unique || b.unique,
    contains: [...a.contains, ...b.contains],
    evaluated: {
      first: Math.max(a.evaluated.first, b.evaluated.first),
      terms: [...a.evaluated.terms, ...b.evaluated.terms],
    },
  };
}

/** The arrays that do not fit: for each condition those that break it. */
export function complementArray(shape: ArrayShape, terms: Terms): ArrayShape[] {
  if (shape.unique) throw new UnenforceableError('', 'asks, by not, oneOf or if, for arrays that break uniqueItems');
  const any = anyArray(terms);
  const { always, never } = terms;
  const broken: ArrayShape[] = [];
  if (shape.min > 0) broken.push({ ...any, max: shape.min - 1 });
  if (shape.max < Infinity) broken.push({ ...any, min: shape.max + 1 });
  shape.prefix.forEach((term, i) => {
    if (term === always) return;
    const prefix = shape.prefix.map((_, k) => (k === i ? terms.not(term) : always)).slice(0, i + 1);
    broken.push({ ...any, prefix, min: i + 1 });
  });
  const from = shape.prefix.length;
  if (shape.rest === never) broken.push({ ...any, min: from + 1 });
  else if (shape.rest !== always) {
    broken.push({ ...any, min: from + 1, contains: [{ term: terms.not(shape.rest), min: 1, max: Infinity, from }] });
  }
  for (const { term, min, max, from: start } of shape.contains) {
    if (min > 0) broken.push({ ...any, contains: [{ term, min: 0, max: min - 1, from: start }] });
    if (max < Infinity) broken.push({ ...any, contains: [{ term, min: max + 1, max: Infinity, from: start }] });
  }
  return broken;
}

import { type ArrayShape, itemTerm } from './array-shape.ts';
import type { ObjectShape } from './object-shape.ts';
import { type OpenObject, openObject } from './open-object.ts';
import type { Schemas } from './schemas.ts';
import type { Term } from './term.ts';

/**
 * Bytes of the shortest value that fits a term; Infinity where none does. Schemas refer to themselves, so this is a least fixed
 * point: every value counts as impossible until a round shows how it can be written.
 */
export class Minimums {
  readonly #schemas: Schemas;
  readonly #settled: Map<Term, number> = new Map();
  readonly #estimates: Map<Term, number> = new Map();
  /** Terms seen in this round; undefined outside of a search. */
  #seen: Set<Term> | undefined;
  #changed = false;
  readonly #open: Map<ObjectShape, OpenObject[]> = new Map();

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  of(term: Term): number {
    const settled = this.#settled.get(term);
    if (settled !== undefined) return settled;
    if (this.#seen) return this.#visit(term, this.#seen);
    try {
      do {
        this.#changed = false;
        this.#seen = new Set();
        this.#visit(term, this.#seen);
      } while (this.#changed);
      // Whatever the search reached was reached in every round, and nothing changed in the last.
      for (const [reached, bytes] of this.#estimates) this.#settled.set(reached, bytes);
    } finally {
      this.#seen = undefined;
      this.#estimates.clear();
    }
    return this.#settled.get(term) as number;
  }

  opened(shape: ObjectShape): OpenObject[] {
    let open = this.#open.get(shape);
    if (!open) {
      open = openObject(shape, this.#schemas);
      this.#open.set(shape, open);
    }
    return open;
  }

  #visit(term: Term, seen: Set<Term>): number {
    const estimate = this.#estimates.get(term) ?? Infinity;
    if (seen.has(term)) return estimate;
    seen.add(term);
    const bytes = this.#shortest(term);
    this.#estimates.set(term, bytes);
    if (bytes < estimate) this.#changed = true;
    return bytes;
  }

  #shortest(term: Term): number {
    const { expressions } = this.#schemas.language;
    const { literals, numbers, strings, arrays, objects } = this.#schemas.of(term);
    let least = Math.min(...[...literals].map((literal) => literal.length), 2 + expressions.distance(strings));
    for (const number of numbers) least = Math.min(least, expressions.distance(this.#schemas.numberText(number)));
    // Nothing shorter than an empty string, array or object is left to be found.
    for (const shape of arrays) if (least > 2) least = Math.min(least, 1 + this.restOfArray(shape, 0, []));
    for (const shape of objects) {
      if (least <= 2) break;
      for (const open of this.opened(shape)) least = Math.min(least, 1 + this.restOfObject(open, 0, 0, 0));
    }
    return least;
  }

  /** Bytes to the end of an array of which `index` items are written; `counts`: how many fit each `contains`. */
  restOfArray(shape: ArrayShape, index: number, counts: readonly number[]): number {
    const { terms } = this.#schemas;
    let at = index;
    let bytes = 1;
    const write = (term: Term): void => {
      bytes += (at > 0 ? 1 : 0) + this.of(term);
      at++;
    };
    shape.contains.forEach(({ term, min, from }, k) => {
      for (let missing = min - (counts[k] ?? 0); missing > 0 && bytes < Infinity; missing--) {
        while (at < from && bytes < Infinity) write(itemTerm(shape, at));
        write(terms.all(itemTerm(shape, at), term));
      }
    });
    while (at < shape.min && bytes < Infinity) write(itemTerm(shape, at));
    return at > shape.max ? Infinity : bytes;
  }

  /** Bytes to the end of an object: from which member on, how many properties and how many of `some` are written. */
  restOfObject(open: OpenObject, index: number, count: number, some: number): number {
    const { expressions } = this.#schemas.language;
    const extraBytes = ({ names, term }: OpenObject['extras'][number]): number =>
      expressions.distance(names) + 4 + this.of(term);
    const optional: number[] = [];
    let written = count;
    let bytes = 1;
    const write = (each: number): void => {
      bytes += each;
      written++;
    };
    for (let i = index; i < open.members.length && bytes < Infinity; i++) {
      const { nameBytes, term, required } = open.members[i];
      if (!required && open.min === 0) continue;
      const each = nameBytes + 4 + this.of(term);
      if (required) write(each);
      else optional.push(each);
    }
    for (const extra of open.some.slice(some)) write(extraBytes(extra));
    if (written < open.min && bytes < Infinity) {
      for (const extra of open.extras) {
        const each = extraBytes(extra);
        // Names differ in length, so several of them take some more bytes; a short bound on how many there are.
        for (let k = 0; k < open.min - written && each < Infinity; k++) optional.push(each + String(k).length - 1);
      }
      for (const each of optional.sort((a, b) => a - b).slice(0, open.min - written)) write(each);
    }
    if (written < open.min || written > open.max) return Infinity;
    // No comma before the first.
    return bytes - (count === 0 && written > 0 ? 1 : 0);
  }
}

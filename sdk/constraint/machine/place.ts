import type { Expression } from '../expressions/expression.ts';

/** What comes after a piece of text: where a machine goes on. Equal ones are one object. */
export interface Place {
  readonly id: number;
  /** Bytes from here to the end of all at the least, Infinity where none is in reach. */
  readonly distance: number;
  /** Whether it, or a place after it, wants the text that was read. */
  readonly readsText: boolean;
  /** Of a place that reads text: bit `byte & 31` for every byte that may come next, whatever was read; not all need be possible. */
  readonly nextBytes?: number;
  /** What may be read next; `text` was read so far, as char codes of bytes, where `readsText`. Empty at the very end. */
  next(text: string): readonly Thread[];
}

/** One way to go on: a piece of text to be read, then a place. */
export interface Thread {
  readonly expression: Expression;
  readonly place: Place;
  /** Read so far, where the place reads text; else empty. */
  readonly text: string;
}

/** The way to read a piece of text and then go on at a place; none where no end is in reach from there. */
export const threadTo = (expression: Expression, place: Place, text: string): Thread[] =>
  place.distance < Infinity ? [{ expression, place, text: place.readsText ? text : '' }] : [];

/** Makes places, each once. */
export class Places {
  readonly #interned: Map<string, Place> = new Map();
  readonly #ids: Map<object, number> = new Map();
  /** After everything. */
  readonly end: Place = { id: 0, distance: 0, readsText: false, next: () => [] };

  /** A number for what is told apart by being itself, for the keys of places. */
  idOf(shape: object): number {
    const id = this.#ids.get(shape) ?? this.#ids.size;
    this.#ids.set(shape, id);
    return id;
  }

  get(key: string, make: (id: number) => Place): Place {
    let place = this.#interned.get(key);
    if (!place) {
      place = make(this.#interned.size + 1);
      this.#interned.set(key, place);
    }
    return place;
  }
}

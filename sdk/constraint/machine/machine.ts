import type { Expressions } from '../expressions/expressions.ts';
import type { Place, Thread } from './place.ts';

/** Where a text may stand: all the ways to go on. Equal ones are one object. */
export interface State {
  readonly id: number;
  readonly threads: readonly Thread[];
  /** Bytes to the nearest end. */
  readonly distance: number;
  /** Whether the text may end here. */
  readonly canEnd: boolean;
}

/** Reads text byte by byte, along all ways at once. */
export class Machine {
  readonly expressions: Expressions;
  readonly start: State | undefined;
  readonly #end: Place;
  readonly #states: Map<string, State> = new Map();
  readonly #after: Map<State, Map<number, State | undefined>> = new Map();

  constructor(expressions: Expressions, threads: readonly Thread[], end: Place) {
    this.expressions = expressions;
    this.#end = end;
    this.start = this.#state(threads);
  }

  /** After one byte; undefined where no text goes on so. */
  after(state: State, byte: number): State | undefined {
    let known = this.#after.get(state);
    if (!known) {
      known = new Map();
      this.#after.set(state, known);
    }
    if (known.has(byte)) return known.get(byte);
    const threads: Thread[] = [];
    for (const { expression, place, text } of state.threads) {
      const left = this.expressions.after(expression, byte);
      if (left.kind === 'nothing') continue;
      threads.push({ expression: left, place, text: place.readsText ? text + String.fromCharCode(byte) : '' });
    }
    const next = this.#state(threads);
    known.set(byte, next);
    return next;
  }

  /** After a string of bytes. */
  afterBytes(state: State, bytes: string): State | undefined {
    let at: State | undefined = state;
    for (let i = 0; i < bytes.length && at; i++) at = this.after(at, bytes.charCodeAt(i));
    return at;
  }

  /** Whether any byte may follow. */
  goesOn(state: State): boolean {
    return state.threads.some((thread) => this.#bytesOf(thread, 1).length > 0);
  }

  /** The byte that must follow; undefined where none or several may. */
  onlyByte(state: State): number | undefined {
    let only: number | undefined;
    for (const thread of state.threads) {
      for (const byte of this.#bytesOf(thread, 2)) {
        if (only !== undefined && only !== byte) return undefined;
        only = byte;
      }
    }
    return only;
  }

  /** The first few bytes with which a piece of text can go on. */
  #bytesOf({ expression }: Thread, most: number): number[] {
    const { starts, targets } = this.expressions.row(expression);
    const bytes: number[] = [];
    for (let i = 0; i < starts.length && bytes.length < most; i++) {
      if (this.expressions.isNothing(targets[i])) continue;
      bytes.push(starts[i]);
      if ((starts[i + 1] ?? 256) - starts[i] > 1) bytes.push(starts[i] + 1);
    }
    return bytes;
  }

  /** Bytes to the end along one way. */
  distance({ expression, place }: Thread): number {
    return this.expressions.distance(expression) + place.distance;
  }

  /** The state with these ways, and those that open where one of them may be done with its piece. */
  #state(first: readonly Thread[]): State | undefined {
    const threads = new Map<string, Thread>();
    const add = (thread: Thread): void => {
      const key = `${thread.expression.id} ${thread.place.id} ${thread.text}`;
      if (threads.has(key) || this.distance(thread) === Infinity) return;
      threads.set(key, thread);
      if (thread.expression.nullable) for (const next of thread.place.next(thread.text)) add(next);
    };
    for (const thread of first) add(thread);
    if (threads.size === 0) return undefined;
    const key = [...threads.keys()].sort().join('|');
    let state = this.#states.get(key);
    if (!state) {
      const list = [...threads.values()];
      state = {
        id: this.#states.size,
        threads: list,
        distance: Math.min(...list.map((thread) => this.distance(thread))),
        canEnd: list.some(({ expression, place }) => expression.nullable && place === this.#end),
      };
      this.#states.set(key, state);
    }
    return state;
  }
}

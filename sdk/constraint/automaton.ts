import { GptletError } from '../errors/gptlet-error.ts';
import { distancesToEnd } from './distances-to-end.ts';
import { type Groups, groupByState } from './group-by-state.ts';

/** More states than any sensible constraint needs; keeps `{1,99999}` and wide recursion from eating the memory. */
export const MAX_STATES = 200_000;

/** A nondeterministic automaton over bytes, as flat data that is quick to post from one thread to another. */
export interface AutomatonStates {
  /** Three numbers an edge: first byte, last byte, target. */
  readonly edges: Groups;
  /** States reached without a byte. */
  readonly jumps: Groups;
  readonly start: number;
  readonly end: number;
  /** Per state: bytes to the end by the shortest way, Infinity where there is none. */
  readonly reach: Float64Array;
}

/** An automaton that is built state by state. */
export class Automaton {
  readonly #most: number;
  #size = 0;
  readonly #edgesFrom: number[] = [];
  readonly #edges: number[] = [];
  readonly #jumpsFrom: number[] = [];
  readonly #jumps: number[] = [];

  constructor(most: number = MAX_STATES) {
    this.#most = most;
  }

  add(): number {
    if (this.#size >= this.#most) throw new AutomatonTooLarge();
    return this.#size++;
  }

  edge(from: number, first: number, last: number, to: number): void {
    this.#edgesFrom.push(from);
    this.#edges.push(first, last, to);
  }

  jump(from: number, to: number): void {
    this.#jumpsFrom.push(from);
    this.#jumps.push(to);
  }

  finish(start: number, end: number): AutomatonStates {
    const edges = groupByState(this.#size, this.#edgesFrom, this.#edges, 3);
    const jumps = groupByState(this.#size, this.#jumpsFrom, this.#jumps, 1);
    return { edges, jumps, start, end, reach: distancesToEnd(edges, jumps, end) };
  }
}

/** The pattern needs more states than allowed. */
export class AutomatonTooLarge extends GptletError {
  constructor() {
    super(
      'INVALID_OPTION',
      `The constraint needs more than ${MAX_STATES} states; allowed are smaller counts ({m,n}, maxLength, maxItems) and less nesting.`,
    );
  }
}

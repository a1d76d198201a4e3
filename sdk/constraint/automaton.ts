import { GptletError } from '../api/errors.ts';

/** More states than any sensible constraint needs; keeps `{1,99999}` and wide recursion from eating the memory. */
export const MAX_STATES = 200_000;

/** A nondeterministic automaton over bytes, as data: it can be posted to a worker. */
export interface AutomatonStates {
  /** Per state: first byte, last byte, target; three numbers an edge. */
  readonly edges: readonly (readonly number[])[];
  /** Per state: states reached without a byte. */
  readonly jumps: readonly (readonly number[])[];
  readonly start: number;
  readonly end: number;
}

/** An automaton that is built state by state. */
export class Automaton implements AutomatonStates {
  readonly edges: number[][] = [];
  readonly jumps: number[][] = [];
  start = 0;
  end = 0;
  readonly #most: number;

  constructor(most: number = MAX_STATES) {
    this.#most = most;
  }

  add(): number {
    if (this.edges.length >= this.#most) throw new AutomatonTooLarge();
    this.jumps.push([]);
    return this.edges.push([]) - 1;
  }

  edge(from: number, first: number, last: number, to: number): void {
    this.edges[from].push(first, last, to);
  }

  jump(from: number, to: number): void {
    this.jumps[from].push(to);
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

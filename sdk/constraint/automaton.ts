import { GptletError } from '../api/errors.ts';

/** More states than any sensible constraint needs; keeps `{1,99999}` and wide recursion from eating the memory. */
export const MAX_STATES = 200_000;

/** A nondeterministic automaton over bytes, built state by state. */
export class Automaton {
  /** Per state: first byte, last byte, target; three numbers an edge. */
  readonly edges: number[][] = [];
  /** Per state: states reached without a byte. */
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

  /** Bytes from every state to the end by the shortest way, Infinity where there is none. */
  distances(): Float64Array {
    const distance = new Float64Array(this.edges.length).fill(Infinity);
    const free: number[][] = this.edges.map(() => []);
    const costly: number[][] = this.edges.map(() => []);
    this.jumps.forEach((targets, from) => {
      for (const to of targets) free[to].push(from);
    });
    this.edges.forEach((list, from) => {
      for (let i = 2; i < list.length; i += 3) costly[list[i]].push(from);
    });
    // Breadth first from the end, one byte a round; jumps cost nothing and stay within the round.
    let round = [this.end];
    distance[this.end] = 0;
    for (let bytes = 0; round.length > 0; bytes++) {
      for (let i = 0; i < round.length; i++) {
        for (const from of free[round[i]]) {
          if (distance[from] > bytes) {
            distance[from] = bytes;
            round.push(from);
          }
        }
      }
      const next: number[] = [];
      for (const state of round) {
        for (const from of costly[state]) {
          if (distance[from] === Infinity) {
            distance[from] = bytes + 1;
            next.push(from);
          }
        }
      }
      round = next;
    }
    return distance;
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

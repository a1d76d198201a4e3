import type { AutomatonStates } from './automaton.ts';
import { distancesToEnd } from './distances-to-end.ts';

/** A deterministic automaton whose states are made when they are first asked for (subset construction). */
export class LazyDfa {
  /** -1 where the language is empty. */
  readonly start: number;
  /** What it was made from. */
  readonly automaton: AutomatonStates;
  /** Of the states of `automaton`, to its end. */
  readonly #reach: Float64Array;
  readonly #sets: number[][] = [];
  readonly #rows: (Int32Array | undefined)[] = [];
  readonly #distances: number[] = [];
  readonly #byMembers: Map<string, number> = new Map();
  readonly #byTargets: Map<string, number> = new Map();

  constructor(automaton: AutomatonStates) {
    this.automaton = automaton;
    this.#reach = distancesToEnd(automaton);
    this.start = this.#stateOf([automaton.start]);
  }

  /** How many states there are so far. */
  get size(): number {
    return this.#sets.length;
  }

  /** Next state for each of the 256 bytes, -1 where no text can go on. */
  row(state: number): Int32Array {
    const known = this.#rows[state];
    if (known) return known;
    const edges: number[] = [];
    const starts = new Uint8Array(257);
    for (const member of this.#sets[state]) {
      const list = this.automaton.edges[member];
      for (let i = 0; i < list.length; i += 3) {
        if (this.#reach[list[i + 2]] === Infinity) continue;
        edges.push(list[i], list[i + 1], list[i + 2]);
        starts[list[i]] = 1;
        starts[list[i + 1] + 1] = 1;
      }
    }
    const row = new Int32Array(256).fill(-1);
    for (let first = 0; first < 256; ) {
      let end = first + 1;
      while (end < 256 && !starts[end]) end++;
      const targets: number[] = [];
      for (let i = 0; i < edges.length; i += 3) {
        if (edges[i] <= first && first <= edges[i + 1]) targets.push(edges[i + 2]);
      }
      if (targets.length > 0) row.fill(this.#stateOf(targets), first, end);
      first = end;
    }
    this.#rows[state] = row;
    return row;
  }

  /** Bytes to the nearest end: 0 where the text may end here. */
  distance(state: number): number {
    return this.#distances[state];
  }

  /** Whether any byte may follow. */
  goesOn(state: number): boolean {
    return this.row(state).some((next) => next >= 0);
  }

  #stateOf(targets: number[]): number {
    const targetKey = targets.length === 1 ? String(targets[0]) : [...new Set(targets)].sort((a, b) => a - b).join();
    const known = this.#byTargets.get(targetKey);
    if (known !== undefined) return known;
    const { jumps, edges, end } = this.automaton;
    const seen = new Set(targets);
    for (const state of seen) {
      for (const next of jumps[state]) if (this.#reach[next] < Infinity) seen.add(next);
    }
    // Only states with edges, or the end, tell one set from another.
    const members = [...seen]
      .filter((s) => this.#reach[s] < Infinity && (edges[s].length > 0 || s === end))
      .sort((a, b) => a - b);
    const key = members.join();
    let state = members.length === 0 ? -1 : this.#byMembers.get(key);
    if (state === undefined) {
      state = this.#sets.push(members) - 1;
      this.#distances.push(members.reduce((least, member) => Math.min(least, this.#reach[member]), Infinity));
      this.#byMembers.set(key, state);
    }
    this.#byTargets.set(targetKey, state);
    return state;
  }
}

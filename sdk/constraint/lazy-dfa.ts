import type { AutomatonStates } from './automaton.ts';

/** A deterministic automaton whose states are made when they are first asked for (subset construction). */
export class LazyDfa {
  /** -1 where the language is empty. */
  readonly start: number;
  /** What it was made from. */
  readonly automaton: AutomatonStates;
  readonly #sets: number[][] = [];
  readonly #rows: (Int32Array | undefined)[] = [];
  readonly #distances: number[] = [];
  readonly #byMembers: Map<string, number> = new Map();
  readonly #byTargets: Map<string, number> = new Map();

  constructor(automaton: AutomatonStates) {
    this.automaton = automaton;
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
    const {
      edges: { begins, values },
      reach,
    } = this.automaton;
    const edges: number[] = [];
    const starts = new Uint8Array(257);
    for (const member of this.#sets[state]) {
      for (let i = begins[member]; i < begins[member + 1]; i += 3) {
        if (reach[values[i + 2]] === Infinity) continue;
        edges.push(values[i], values[i + 1], values[i + 2]);
        starts[values[i]] = 1;
        starts[values[i + 1] + 1] = 1;
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
    const { jumps, edges, end, reach } = this.automaton;
    const seen = new Set(targets);
    for (const state of seen) {
      for (let i = jumps.begins[state]; i < jumps.begins[state + 1]; i++) {
        const next = jumps.values[i];
        if (reach[next] < Infinity) seen.add(next);
      }
    }
    // Only states with edges, or the end, tell one set from another.
    const members = [...seen]
      .filter((s) => reach[s] < Infinity && (edges.begins[s] < edges.begins[s + 1] || s === end))
      .sort((a, b) => a - b);
    const key = members.join();
    let state = members.length === 0 ? -1 : this.#byMembers.get(key);
    if (state === undefined) {
      state = this.#sets.push(members) - 1;
      this.#distances.push(members.reduce((least, member) => Math.min(least, reach[member]), Infinity));
      this.#byMembers.set(key, state);
    }
    this.#byTargets.set(targetKey, state);
    return state;
  }
}

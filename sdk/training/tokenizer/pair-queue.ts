/** Two symbols beside each other, and how often when it was put here. */
export interface CountedPair {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

/** A binary heap: the pair that `isBefore` all others comes out first. */
export class PairQueue {
  readonly #pairs: CountedPair[] = [];
  readonly #isBefore: (a: CountedPair, b: CountedPair) => boolean;

  constructor(isBefore: (a: CountedPair, b: CountedPair) => boolean) {
    this.#isBefore = isBefore;
  }

  push(pair: CountedPair): void {
    const pairs = this.#pairs;
    let at = pairs.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(pair, pairs[parent])) break;
      pairs[at] = pairs[parent];
      at = parent;
    }
    pairs[at] = pair;
  }

  pop(): CountedPair | undefined {
    const pairs = this.#pairs;
    const first = pairs[0];
    const last = pairs.pop();
    if (!last || pairs.length === 0) return first;
    let at = 0;
    for (let child = 1; child < pairs.length; child = 2 * at + 1) {
      if (child + 1 < pairs.length && this.#isBefore(pairs[child + 1], pairs[child])) child++;
      if (!this.#isBefore(pairs[child], last)) break;
      pairs[at] = pairs[child];
      at = child;
    }
    pairs[at] = last;
    return first;
  }
}

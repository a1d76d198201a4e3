/** Samples kept of a length. */
const kept = 5;

/** What passes over some tokens took on this machine, in ms. */
export class PassCosts {
  readonly #samples = new Map<number, number[]>();
  #longest = 1;

  /** Longest pass measured, in tokens. */
  get longest(): number {
    return this.#longest;
  }

  add(tokens: number, ms: number): void {
    const samples = this.#samples.get(tokens) ?? [];
    this.#samples.set(tokens, [...samples.slice(1 - kept), ms]);
    this.#longest = Math.max(this.#longest, tokens);
  }

  /**
   * The median of the last passes of as many tokens. A length that was not tried is taken to cost as much as the longest shorter
   * one: that is for the next try to refute. Undefined before any pass.
   */
  of(tokens: number): number | undefined {
    for (let length = tokens; length > 0; length--) {
      const samples = this.#samples.get(length);
      // Code that runs for the first time may be slow, so that one sample alone says too much.
      if (samples && (samples.length > 1 || length === 1))
        return [...samples].sort((a, b) => a - b)[(samples.length - 1) >> 1];
    }
    return undefined;
  }
}

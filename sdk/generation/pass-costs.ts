/** Samples kept of a length. */
const kept = 5;

/** What passes over some tokens, and drafts, took on this machine, in ms. */
export class PassCosts {
  #drafted: readonly number[] = [];
  readonly #samples = new Map<number, number[]>();
  #longest = 1;

  /** Longest pass measured, in tokens. */
  get longest(): number {
    return this.#longest;
  }

  /**
   * Of one token that was drafted, by the least of the last drafts; 0 before there are two. Drafts begin with code that runs for the
   * first time, and what is taken to cost too much would not be tried again.
   */
  get perDrafted(): number {
    return this.#drafted.length < 2 ? 0 : Math.min(...this.#drafted);
  }

  addDrafted(ms: number): void {
    this.#drafted = [...this.#drafted.slice(1 - kept), ms];
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

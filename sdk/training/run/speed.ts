/** Updates over which speed is told. */
const lately = 10;

/** How fast a run is, without its pauses. */
export class Speed {
  readonly #steps: { readonly seconds: number; readonly tokens: number }[] = [];

  /** Notes an update, and the evaluation after it where there was one. */
  note(seconds: number, tokens: number): void {
    this.#steps.push({ seconds, tokens });
    if (this.#steps.length > lately) this.#steps.shift();
  }

  get tokensPerSecond(): number {
    const { seconds, tokens } = this.#sum();
    return tokens / seconds;
  }

  secondsFor(steps: number): number {
    return (this.#sum().seconds / this.#steps.length) * steps;
  }

  #sum(): { seconds: number; tokens: number } {
    const sum = { seconds: 0, tokens: 0 };
    for (const { seconds, tokens } of this.#steps) {
      sum.seconds += seconds;
      sum.tokens += tokens;
    }
    return sum;
  }
}

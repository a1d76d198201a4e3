/**
 * Watches a stream of text for stop texts, also across token borders. Text that could be the beginning of
 * one is held back until that is decided, so that no part of a stop text is ever shown.
 */
export class StopTexts {
  readonly #stops: readonly string[];
  #held = '';
  /** The one that came. */
  reached: string | undefined;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** Takes new text; returns what may be shown now, and whether a stop text was reached (nothing after it is shown). */
  push(text: string): { text: string; stopped: boolean } {
    const all = this.#held + text;
    let [cut, end] = [-1, Number.POSITIVE_INFINITY];
    for (const stop of this.#stops) {
      const at = all.indexOf(stop);
      // The one that is complete first, whatever else a longer piece holds: so it does not matter how the text is cut.
      if (at < 0 || at + stop.length > end || (at + stop.length === end && at > cut)) continue;
      [cut, end] = [at, at + stop.length];
    }
    if (cut >= 0) {
      this.#held = '';
      this.reached = all.slice(cut, end);
      return { text: all.slice(0, cut), stopped: true };
    }
    const keep = this.#possibleBeginning(all);
    this.#held = all.slice(all.length - keep);
    return { text: all.slice(0, all.length - keep), stopped: false };
  }

  /** What was held back and turned out to be ordinary text. */
  flush(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }

  /** Length of the longest end of `text` that some stop text begins with. */
  #possibleBeginning(text: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(stop.slice(0, length))) {
          longest = length;
          break;
        }
      }
    }
    return longest;
  }
}

import { type Draft, type Drafter, noDraft } from './drafter.ts';

/** Lengths of the runs of tokens that are looked up, the longest first. */
const runLengths = [5, 3, 2];
/** A match is followed back this far, to know how much it is worth. */
const farthestBack = 16;

/**
 * Finds where the last tokens stood before, in the prompt or in what was generated, and guesses what followed there: summaries,
 * edits, code and data repeat what they are about ("prompt lookup decoding", Saxena 2023). Runs are found by their hash, of which
 * the most recent place is kept, so that a step costs the same however long the text is.
 */
export class PromptDrafter implements Drafter {
  readonly isFree = true;
  /** For each of {@link runLengths}: hash of a run → index of the token that followed it. */
  readonly #places: readonly Map<number, number>[] = runLengths.map(() => new Map());
  #indexed = 1;

  start(): void {}

  draft(history: readonly number[], most: number): Draft {
    this.#index(history);
    const { length } = history;
    for (const [i, run] of runLengths.entries()) {
      if (length <= run) continue;
      const place = this.#places[i].get(hashOf(history, length, run));
      if (place === undefined) continue;
      const same = sameBefore(history, place, length);
      // Another run with the same hash.
      if (same < run) continue;
      const tokenIds: number[] = [];
      // What reaches the end goes on with itself: a text that repeats its last words.
      for (let at = place; tokenIds.length < most; at++)
        tokenIds.push(at < length ? history[at] : tokenIds[at - length]);
      return { tokenIds, kind: kindOf(same) };
    }
    return noDraft;
  }

  /** Keeps the runs before every token that has come since. */
  #index(history: readonly number[]): void {
    for (; this.#indexed < history.length; this.#indexed++) {
      for (const [i, run] of runLengths.entries()) {
        if (this.#indexed >= run) this.#places[i].set(hashOf(history, this.#indexed, run), this.#indexed);
      }
    }
  }
}

/** Of the `run` tokens before index `end`, 32 bits. */
function hashOf(tokens: readonly number[], end: number, run: number): number {
  let hash = 0;
  for (let i = end - run; i < end; i++) hash = Math.imul(hash ^ tokens[i], 0x9e3779b1) ^ (hash >>> 15);
  return hash;
}

/** How many tokens before two places are the same, at most {@link farthestBack}. */
function sameBefore(tokens: readonly number[], a: number, b: number): number {
  let same = 0;
  while (same < farthestBack && same < a && tokens[a - 1 - same] === tokens[b - 1 - same]) same++;
  return same;
}

/** Matches of 2, 3, 4 to 7, 8 to 15 and 16 tokens. */
const kindOf = (same: number): number => (same < 4 ? same - 2 : 31 - Math.clz32(same));

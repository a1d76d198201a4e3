import type { PassCosts } from './pass-costs.ts';

/** How many tokens are drafted: few lengths, so that each is measured soon. */
const lengths = [1, 2, 3, 5, 7, 11, 15];
/** The most tokens of a draft. */
export const mostDrafted: number = lengths[lengths.length - 1];
/** Share of the time by which drafting may fall behind: what trying costs where it does not pay. */
const mostBehind = 0.015;
/** What is seen of one kind of draft weighs half after so many drafts. */
const halfLife = 8;
const decay = 0.5 ** (1 / halfLife);

/** How often guesses of one kind were right, lately. */
interface Hits {
  right: number;
  seen: number;
}

/**
 * Decides how many tokens to draft: those that promise most tokens for the time, by what passes of as many took and how
 * often guesses were right, in this generation. It keeps an account of the time that drafting has won or lost against plain steps, and
 * tries nothing that could bring it more than {@link mostBehind} and one step behind.
 */
export class DraftLength {
  readonly #costs: PassCosts;
  readonly #hits: Hits[] = [];
  /** Time won so far, in ms, and what plain steps alone would have taken. */
  #won = 0;
  #plain = 0;

  constructor(costs: PassCosts) {
    this.#costs = costs;
  }

  /**
   * How many tokens to draft; 0 where a plain step is better.
   *
   * @param kind of the draft's guesses
   * @param most tokens there can be
   * @param perToken what drafting one takes, in ms
   */
  choose(kind: number, most: number, perToken: number): number {
    const step = this.#costs.of(1);
    // Nothing is known of a text before its first steps.
    if (step === undefined || this.#plain < 2 * step) return 0;
    const { right, seen } = this.#of(kind);
    const chance = right / seen;
    const credit = this.#won + mostBehind * this.#plain + step;
    let [best, bestRate] = [0, 1.03 / step];
    for (const length of lengths) {
      // One length beyond what was tried: the next one is measured then.
      if (length > most || length > 2 * this.#costs.longest + 1) break;
      const ms = (this.#costs.of(length + 1) ?? step) + length * perToken;
      if (ms - step > credit) break;
      // Sum of chance^i, i from 0 to length: the tokens that a pass gives.
      const tokens = chance < 1 ? (1 - chance ** (length + 1)) / (1 - chance) : length + 1;
      if (tokens / ms > bestRate) [best, bestRate] = [length, tokens / ms];
    }
    return best;
  }

  /** Of `seen` guesses, tried one after the other, so many were right; those after a wrong one count as not seen. */
  saw(kind: number, right: number, seen: number): void {
    const hits = this.#of(kind);
    hits.right = hits.right * decay + right;
    hits.seen = hits.seen * decay + seen;
  }

  /** Begins anew with a kind that has not been tried for a while. */
  forget(kind: number): void {
    delete this.#hits[kind];
  }

  /** A plain step was taken. */
  stepped(ms: number): void {
    this.#plain += ms;
  }

  /** A pass gave tokens: what it took in all, its drafts included. */
  passed(tokens: number, ms: number): void {
    const plain = tokens * (this.#costs.of(1) ?? 0);
    this.#plain += plain;
    this.#won += plain - ms;
  }

  /** The longer the match, the likelier it goes on; what is seen soon outweighs it. */
  #of(kind: number): Hits {
    this.#hits[kind] ??= { right: kind + 1, seen: kind + 2 };
    return this.#hits[kind];
  }
}

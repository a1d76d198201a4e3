import type { ChosenToken, TokenSource, TokenSourceInput } from './token-source.ts';

/** Steps ahead are as many as fit in this time: an abort or a stop wastes no more. */
const aheadMs = 40;

/**
 * Lets the engine choose: 4 bytes a token come back, and several tokens at once where nothing on this side has
 * to decide in between. Tokens chosen beyond a stop are simply not taken.
 */
export class GreedySource implements TokenSource {
  readonly #input: TokenSourceInput;
  #ahead: number[] = [];
  #count = 1;

  constructor(input: TokenSourceInput) {
    this.#input = input;
  }

  async start(promptIds: Uint32Array, signal: AbortSignal): Promise<number> {
    const { candidates, cachedTokens } = await this.#input.kvSequence.prefillCandidates(promptIds, signal);
    // Best first, the lowest id first among equals: what a greedy sampler takes.
    this.#ahead = [candidates.tokenIds[0]];
    return cachedTokens;
  }

  get isAhead(): boolean {
    return this.#ahead.length > 0;
  }

  async next(history: readonly number[], generated: number): Promise<ChosenToken> {
    if (this.#ahead.length === 0) await this.#runAhead(history[history.length - 1], this.#input.limit - generated);
    // Nobody asked for log-probabilities, or this source would not be the one.
    return { tokenId: this.#ahead.shift() as number, logprob: Number.NaN, top: [] };
  }

  async #runAhead(tokenId: number, wanted: number): Promise<void> {
    const started = performance.now();
    const count = Math.min(this.#count, wanted);
    this.#ahead = Array.from(await this.#input.kvSequence.decodeGreedy(tokenId, count));
    const perToken = (performance.now() - started) / this.#ahead.length;
    this.#count = Math.max(1, Math.min(2 * this.#count, Math.floor(aheadMs / perToken)));
  }
}

import type { Candidates } from '../backends/engine.ts';
import type { ChosenToken, TokenSource, TokenSourceInput } from './token-source.ts';

/**
 * Reads back the few hundred likeliest tokens only. Exact where top-k keeps no more than those: whatever else
 * is set then sees the same survivors as with the whole row, in the same order, and so draws the same token.
 */
export class CandidateSource implements TokenSource {
  readonly #input: TokenSourceInput;
  #candidates: Candidates | undefined;

  constructor(input: TokenSourceInput) {
    this.#input = input;
  }

  async start(promptIds: Uint32Array, signal: AbortSignal): Promise<number> {
    const { candidates, cachedTokens } = await this.#input.kvSequence.prefillCandidates(promptIds, signal);
    this.#candidates = candidates;
    return cachedTokens;
  }

  get isAhead(): boolean {
    return this.#candidates !== undefined;
  }

  async next(history: readonly number[]): Promise<ChosenToken> {
    const { kvSequence, sampler, options } = this.#input;
    const candidates = this.#candidates ?? (await kvSequence.decodeCandidates(history[history.length - 1]));
    this.#candidates = undefined;
    const { tokenIds, logits, logSumExp } = candidates;
    // The sampler meets equal logits and cumulative sums in the order of ids, as in a whole row.
    const order = Array.from(tokenIds, (_, i) => i).sort((a, b) => tokenIds[a] - tokenIds[b]);
    const drawn = sampler.next(Float32Array.from(order, (i) => logits[i]));
    const at = order[drawn.tokenId];
    const top = Array.from({ length: Math.min(options.logprobs ?? 0, tokenIds.length) }, (_, i) => ({
      tokenId: tokenIds[i],
      logprob: logits[i] - logSumExp,
    }));
    return { tokenId: tokenIds[at], logprob: logits[at] - logSumExp, top };
  }
}

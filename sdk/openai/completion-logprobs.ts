import type { TokenLogprob } from '../loaded-model/generation.ts';
import { leastLogprob } from './least-logprob.ts';

/** A token of a prompt; one that nothing stands before has no probability. */
export interface EchoedToken {
  readonly text: string;
  readonly logprob: number | null;
  readonly top?: undefined;
}

/** Log-probabilities as completions tell them, list by list. */
export class CompletionLogprobs {
  #offset = 0;

  /** Those of the next tokens of the text. Offsets count UTF-16 units from its beginning. */
  of(tokens: readonly (TokenLogprob | EchoedToken)[]): object {
    const told = (logprob: number | null): number | null => logprob && Math.max(logprob, leastLogprob);
    return {
      tokens: tokens.map(({ text }) => text),
      token_logprobs: tokens.map(({ logprob }) => told(logprob)),
      // The token that was drawn is there too, among the likeliest or beside them.
      top_logprobs: tokens.map((token) =>
        token.logprob === null
          ? null
          : Object.fromEntries([...(token.top ?? []), token].map(({ text, logprob }) => [text, told(logprob)])),
      ),
      text_offset: tokens.map(({ text }) => {
        this.#offset += text.length;
        return this.#offset - text.length;
      }),
    };
  }
}

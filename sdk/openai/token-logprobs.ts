import type { TokenLogprob } from '../loaded-model/generation.ts';

/** What a logarithm is that JSON cannot write, as in OpenAI's interface. */
const LEAST = -9999;

/** Log-probabilities as chat tells them: a token's text, its bytes, and its likeliest rivals. */
export function chatLogprobs(tokens: readonly TokenLogprob[]): object {
  const utf8 = new TextEncoder();
  const token = ({ text, logprob }: { readonly text: string; readonly logprob: number }): object => ({
    token: text,
    logprob: Math.max(logprob, LEAST),
    // A part of a character is no text, so its bytes are not known from it.
    bytes: text.includes('\ufffd') ? null : [...utf8.encode(text)],
  });
  return {
    content: tokens.map((each) => ({ ...token(each), top_logprobs: each.top.map(token) })),
    refusal: null,
  };
}

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
    const floor = (logprob: number | null): number | null => logprob && Math.max(logprob, LEAST);
    return {
      tokens: tokens.map(({ text }) => text),
      token_logprobs: tokens.map(({ logprob }) => floor(logprob)),
      // The token that was drawn is there too, among the likeliest or beside them.
      top_logprobs: tokens.map((token) =>
        token.logprob === null
          ? null
          : Object.fromEntries([...(token.top ?? []), token].map(({ text, logprob }) => [text, floor(logprob)])),
      ),
      text_offset: tokens.map(({ text }) => {
        this.#offset += text.length;
        return this.#offset - text.length;
      }),
    };
  }
}

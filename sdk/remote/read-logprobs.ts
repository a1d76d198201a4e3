import type { TokenLogprob } from '../loaded-model/generation.ts';

interface WireToken {
  readonly token?: string;
  readonly logprob?: number | null;
  /** llama.cpp. */
  readonly id?: number;
  readonly top_logprobs?: readonly WireToken[] | null;
}

/** Of a token that the server does not tell the id of. */
const unknownId = -1;

/** Log-probabilities of a choice: in the form of conversations, which llama.cpp has everywhere, or in that of completions. */
export function readLogprobs(logprobs: unknown): TokenLogprob[] | undefined {
  const { content, tokens, token_logprobs, top_logprobs } = (logprobs ?? {}) as {
    content?: readonly WireToken[] | null;
    tokens?: readonly string[];
    token_logprobs?: readonly (number | null)[];
    top_logprobs?: readonly (Readonly<Record<string, number>> | null)[] | null;
  };
  if (content) return content.map((each) => ({ ...oneOf(each), top: (each.top_logprobs ?? []).map(oneOf) }));
  return tokens?.map((token, i) => ({
    ...oneOf({ token, logprob: token_logprobs?.[i] }),
    top: Object.entries(top_logprobs?.[i] ?? {})
      .map(([token, logprob]) => oneOf({ token, logprob }))
      .sort((a, b) => b.logprob - a.logprob),
  }));
}

const oneOf = ({ id, token = '', logprob }: WireToken): Omit<TokenLogprob, 'top'> => ({
  tokenId: id ?? unknownId,
  text: token,
  logprob: logprob ?? Number.NEGATIVE_INFINITY,
});

import { createStreamedRun, type Run, type StreamedRun } from './streamed-run.ts';

/** A token's log-probability (natural log, under the model's own distribution) and its likeliest rivals. */
export interface TokenLogprob {
  readonly tokenId: number;
  readonly text: string;
  readonly logprob: number;
  /** The `logprobs` likeliest tokens at this place, best first. */
  readonly top: readonly { readonly tokenId: number; readonly text: string; readonly logprob: number }[];
}

/** What arrived since the last part. `text` never splits a character and never shows part of a stop text. */
export interface GenerationPart {
  readonly text: string;
  readonly tokenIds: number[];
  readonly logprobs?: TokenLogprob[];
}

/** One of several continuations (`numSequences`, beams). */
export interface GeneratedSequence {
  readonly text: string;
  readonly tokenIds: number[];
  /** Natural log; for beams the length-penalised score that ranked them. */
  readonly score: number;
}

/**
 * The whole of a generation. A stop token that ended it is in neither `text` nor `tokenIds`. A stop text is not in `text`;
 * `tokenIds` go on to the token that completed it, and `generatedTokens` counts those.
 */
export interface GenerationResult {
  readonly text: string;
  readonly tokenIds: number[];
  readonly finishReason: 'stop' | 'length' | 'aborted';
  /** The stop text that ended it, if one did. */
  readonly stopText?: string;
  readonly usage: {
    readonly promptTokens: number;
    /** Tokens of the prompt that the KV cache already held. */
    readonly cachedTokens: number;
    /** The length of `tokenIds`: with several sequences, of the first one's. */
    readonly generatedTokens: number;
    /** With a constraint: those of them that had to come, and went through the model in runs instead of one by one. */
    readonly forcedTokens?: number;
    /** With the option `draft`: tokens that were guessed and run, with several sequences for the first one. */
    readonly draftedTokens?: number;
    /** Those of them that were right. */
    readonly acceptedTokens?: number;
  };
  readonly timings: {
    /** From the start of the prefill to the first logits, in ms. */
    readonly prefillMs: number;
    /** From the first logits to the end, in ms. */
    readonly decodeMs: number;
    readonly tokensPerSecond: number;
  };
  readonly logprobs?: TokenLogprob[];
  readonly sequences?: GeneratedSequence[];
}

/** What there is of a generation that was aborted before its first token. */
export const nothingGenerated = (promptTokens: number, prefillMs: number): GenerationResult => ({
  text: '',
  tokenIds: [],
  finishReason: 'aborted',
  usage: { promptTokens, cachedTokens: 0, generatedTokens: 0 },
  timings: { prefillMs, decodeMs: 0, tokensPerSecond: 0 },
});

/**
 * A generation in waiting: await it for the whole result, or iterate it for the stream. It starts
 * lazily, with the first of either, and both views share one run.
 *
 * @example
 * for await (const { text } of model.generate('Once upon a time')) chat.append(text);
 */
export interface Generation extends StreamedRun<GenerationPart, GenerationResult> {}

/** Runs a generation, hands out parts as they come, resolves with the whole; never rejects for an abort. */
export type RunGeneration = Run<GenerationPart, GenerationResult>;

export const createGeneration = (prepare: () => { signal?: AbortSignal; run: RunGeneration }): Generation =>
  createStreamedRun(prepare, () => nothingGenerated(0, 0));

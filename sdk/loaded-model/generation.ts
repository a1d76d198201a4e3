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
  readonly usage: {
    readonly promptTokens: number;
    /** Tokens of the prompt that the KV cache already held. */
    readonly cachedTokens: number;
    /** The length of `tokenIds`: with several sequences, of the first one's. */
    readonly generatedTokens: number;
    /** With a constraint: those of them that had to come, and went through the model in runs instead of one by one. */
    readonly forcedTokens?: number;
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
export interface Generation extends AsyncIterable<GenerationPart>, PromiseLike<GenerationResult> {
  /** The text alone; cancelling the stream stops the generation. */
  textStream(): ReadableStream<string>;
}

/** Runs a generation, hands out parts as they come, resolves with the whole; never rejects for an abort. */
export type RunGeneration = (onPart: (part: GenerationPart) => void, signal: AbortSignal) => Promise<GenerationResult>;

/** Wraps a run in the two views. `prepare` checks what was given, when the generation starts. */
export function createGeneration(prepare: () => { signal?: AbortSignal; run: RunGeneration }): Generation {
  const parts: GenerationPart[] = [];
  const stop = new AbortController();
  let result: Promise<GenerationResult> | undefined;
  let ended = false;
  let wake = (): void => {};
  let changed = new Promise<void>((resolve) => (wake = resolve));

  const notify = (): void => {
    wake();
    changed = new Promise((resolve) => (wake = resolve));
  };
  const begin = async (): Promise<GenerationResult> => {
    const { signal, run } = prepare();
    const onAbort = (): void => stop.abort(signal?.reason);
    if (signal?.aborted) {
      onAbort();
      return nothingGenerated(0, 0);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await run((part) => {
        parts.push(part);
        notify();
      }, stop.signal);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };
  const start = (): Promise<GenerationResult> => {
    if (!result) {
      result = begin().finally(() => {
        ended = true;
        notify();
      });
      // Whoever iterates sees the rejection; without this, one who only iterates gets it a second time as unhandled.
      result.catch(() => {});
    }
    return result;
  };

  async function* iterate(): AsyncGenerator<GenerationPart, void, undefined> {
    const whole = start();
    let next = 0;
    try {
      while (true) {
        const wait = changed;
        // Also after an abort: what was on its way, and what was held back, is in the result, so it is in the stream.
        if (next < parts.length) yield parts[next++];
        else if (ended) break;
        else await wait;
      }
      await whole;
    } finally {
      // Leaving the loop early means that nobody reads on: stop. After the end this does nothing.
      if (!ended) stop.abort(new DOMException('The reader of the stream left.', 'AbortError'));
    }
  }

  return {
    [Symbol.asyncIterator]: iterate,
    // biome-ignore lint/suspicious/noThenProperty: a Generation is a PromiseLike on purpose
    then: (onFulfilled, onRejected) => start().then(onFulfilled, onRejected),
    textStream: () => {
      const iterator = iterate();
      return new ReadableStream<string>({
        async pull(controller) {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else if (value.text) controller.enqueue(value.text);
          else await this.pull?.(controller);
        },
        async cancel() {
          stop.abort(new DOMException('The stream was cancelled.', 'AbortError'));
          await iterator.return();
        },
      });
    },
  };
}

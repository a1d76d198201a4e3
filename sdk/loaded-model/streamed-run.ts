/** Runs, hands out parts as they come, resolves with the whole; never rejects for an abort. */
export type Run<Part, Result> = (onPart: (part: Part) => void, signal: AbortSignal) => Promise<Result>;

/**
 * A run in waiting: await it for the whole result, or iterate it for the stream. It starts lazily, with the first of either, and
 * both views share one run.
 */
export interface StreamedRun<Part, Result> extends AsyncIterable<Part>, PromiseLike<Result> {
  /** The text alone; cancelling the stream stops the run. */
  textStream(): ReadableStream<string>;
}

/**
 * Wraps a run in the two views. `prepare` checks what was given, when the run starts.
 *
 * @param nothing what there is of one that was aborted before it began
 */
export function createStreamedRun<Part extends { readonly text?: string }, Result>(
  prepare: () => { signal?: AbortSignal; run: Run<Part, Result> },
  nothing: () => Result,
): StreamedRun<Part, Result> {
  const parts: Part[] = [];
  const stop = new AbortController();
  let result: Promise<Result> | undefined;
  let ended = false;
  let wake = (): void => {};
  let changed = new Promise<void>((resolve) => (wake = resolve));

  const notify = (): void => {
    wake();
    changed = new Promise((resolve) => (wake = resolve));
  };
  const begin = async (): Promise<Result> => {
    const { signal, run } = prepare();
    const onAbort = (): void => stop.abort(signal?.reason);
    if (signal?.aborted) {
      onAbort();
      return nothing();
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
  const start = (): Promise<Result> => {
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

  async function* iterate(): AsyncGenerator<Part, void, undefined> {
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
    // biome-ignore lint/suspicious/noThenProperty: it is a PromiseLike on purpose
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

import { createSharedRun, followSignal } from './shared-run.ts';

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
  const { start, iterate, stop } = createSharedRun<Part, Result>(async (onPart, stop) => {
    const { signal, run } = prepare();
    return followSignal(signal, stop, async () => (signal?.aborted ? nothing() : run(onPart, stop.signal)));
  });
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

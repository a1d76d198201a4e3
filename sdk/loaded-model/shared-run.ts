/** One run with two views: its result, and its parts as they come. It begins with the first that asks for either. */
export interface SharedRun<Part, Result> {
  /** Begins, where nobody has. */
  readonly start: () => Promise<Result>;
  /** Every part from the first on; rejects as the result does. Leaving early stops the run. */
  readonly iterate: () => AsyncGenerator<Part, void, undefined>;
}

/** @param begin is called once, at most; `stop` is what ends it, for those who leave and for itself */
export function createSharedRun<Part, Result>(
  begin: (onPart: (part: Part) => void, stop: AbortController) => Promise<Result>,
): SharedRun<Part, Result> & { readonly stop: AbortController } {
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
  const start = (): Promise<Result> => {
    if (!result) {
      const onPart = (part: Part): void => {
        parts.push(part);
        notify();
      };
      result = begin(onPart, stop).finally(() => {
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

  return { start, iterate, stop };
}

/** Runs `work` while an abort of `signal` is one of `stop`. */
export async function followSignal<T>(
  signal: AbortSignal | undefined,
  stop: AbortController,
  work: () => Promise<T>,
): Promise<T> {
  const onAbort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

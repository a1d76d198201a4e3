/** First come, first served: an engine runs one call at a time, so that none disturbs another's KV cache. */
export class Queue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether nothing runs or waits. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /**
   * Runs `task` after all earlier ones, whether those failed or not. When `signal` fires before its turn, the task is
   * never begun, and the promise rejects with the signal's reason at once.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    let leave = (): void => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal?.reason);
    });
    signal?.addEventListener('abort', leave, { once: true });
    const turn = this.#tail.then(() => {
      signal?.removeEventListener('abort', leave);
      signal?.throwIfAborted();
      return task();
    });
    this.#waiting++;
    this.#tail = turn
      .catch(() => {})
      .then(() => {
        this.#waiting--;
      });
    return Promise.race([turn, left]);
  }
}

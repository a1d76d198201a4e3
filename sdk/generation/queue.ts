/** First come, first served: an engine runs one call at a time, so that none disturbs another's KV cache. */
export class Queue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs `task` after all earlier ones, whether those failed or not. A task whose signal fires while waiting is not held up. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(task, task);
    this.#tail = turn.catch(() => {});
    return turn;
  }
}

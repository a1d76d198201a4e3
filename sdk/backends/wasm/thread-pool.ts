/** What the pool needs of a worker, in pages and in Node. */
interface Thread {
  terminate(): unknown;
}

/** What a thread is started with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly model: number;
  readonly thread: number;
}

/** Starts a thread that runs {@link serveSource} with `d` = `start`, in the way of the place. */
export type StartThread = (start: ThreadStart, onError: () => void) => Thread;

/** What every thread runs. */
export const serveSource = 'new WebAssembly.Instance(d.module,{env:{memory:d.memory}}).exports.serve(d.model,d.thread)';

/** A thread has this long to come up before the engine goes on without the others. */
const startMs = 5000;

/** Threads 1 … count - 1 of one engine: the same kernels on the same memory, made once. */
export class ThreadPool {
  readonly #threads: Thread[] = [];
  #failed = false;

  /**
   * Starts `count` - 1 threads and resolves when all of them wait for work, which `ready` counts. Rejects
   * nothing: undefined means that threads cannot start here (a content security policy without blob: workers, say).
   */
  static async start(
    startThread: StartThread,
    start: Omit<ThreadStart, 'thread'>,
    count: number,
    ready: () => number,
  ): Promise<ThreadPool | undefined> {
    const pool = new ThreadPool();
    try {
      for (let thread = 1; thread < count; thread++) {
        const failed = (): void => {
          pool.#failed = true;
        };
        pool.#threads.push(startThread({ ...start, thread }, failed));
      }
      const deadline = Date.now() + startMs;
      while (ready() < count - 1) {
        if (pool.#failed || Date.now() > deadline) throw new Error('threads did not start');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return pool;
    } catch {
      pool.terminate();
      return undefined;
    }
  }

  terminate(): void {
    for (const thread of this.#threads.splice(0)) thread.terminate();
  }
}

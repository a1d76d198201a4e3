/** What a thread is started with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly model: number;
  readonly thread: number;
}

/** What every thread runs. */
export const serveSource = 'new WebAssembly.Instance(d.module,{env:{memory:d.memory}}).exports.serve(d.model,d.thread)';

/** How the engine has threads in one place. */
export interface Threads {
  /** Threads to use: as asked, else by the machine and the model's size; 1 where memory cannot be shared. */
  count(wanted: number | undefined, weightBytes: number): number;
  /**
   * Starts threads 1 … `count` - 1 of one engine, the same kernels on the same memory. Resolves when all of them wait for
   * work, which `ready` counts, with what ends them. Rejects nothing: undefined means that threads cannot start here (a
   * content security policy without blob: workers, say).
   */
  start(start: Omit<ThreadStart, 'thread'>, count: number, ready: () => number): Promise<(() => void) | undefined>;
}

/** Below this a token takes less time than waking threads for it. */
const smallestThreadedBytes = 32 * 2 ** 20;
/** A thread has this long to come up before the engine goes on without the others. */
const startMs = 5000;

/**
 * @param canShareMemory whether this thread may share memory with others, and sleep until they wake it
 * @param startThread starts a thread that runs {@link serveSource} with `d` = `start`, in the way of the place
 */
export const threadsOf = (
  canShareMemory: () => boolean,
  processors: () => number,
  startThread: (start: ThreadStart, onError: () => void) => { terminate(): unknown },
): Threads => ({
  count(wanted, weightBytes) {
    if (typeof SharedArrayBuffer === 'undefined' || !canShareMemory()) return 1;
    return wanted ?? (weightBytes < smallestThreadedBytes ? 1 : Math.max(1, Math.min(4, processors())));
  },
  async start(start, count, ready) {
    const threads: { terminate(): unknown }[] = [];
    const end = (): void => {
      for (const thread of threads) thread.terminate();
    };
    let failed = false;
    const onError = (): void => {
      failed = true;
    };
    try {
      for (let thread = 1; thread < count; thread++) threads.push(startThread({ ...start, thread }, onError));
      const deadline = Date.now() + startMs;
      while (ready() < count - 1) {
        if (failed || Date.now() > deadline) throw new Error('threads did not start');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return end;
    } catch {
      end();
      return undefined;
    }
  },
});

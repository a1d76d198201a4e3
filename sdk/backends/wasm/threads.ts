import { type StartThread, ThreadPool, type ThreadStart } from './thread-pool.ts';

/** How the engine has threads in one place. */
export interface Threads {
  /** Threads to use: as asked, else by the machine and the model's size; 1 where memory cannot be shared. */
  count(wanted: number | undefined, weightBytes: number): number;
  /** See {@link ThreadPool.start}. */
  start(start: Omit<ThreadStart, 'thread'>, count: number, ready: () => number): Promise<ThreadPool | undefined>;
}

/** Below this a token takes less time than waking threads for it. */
const smallestThreadedBytes = 32 * 2 ** 20;

/** @param canShareMemory whether this thread may share memory with others, and sleep until they wake it */
export const threadsOf = (
  canShareMemory: () => boolean,
  processors: () => number,
  startThread: StartThread,
): Threads => ({
  count(wanted, weightBytes) {
    if (typeof SharedArrayBuffer === 'undefined' || !canShareMemory()) return 1;
    return wanted ?? (weightBytes < smallestThreadedBytes ? 1 : Math.max(1, Math.min(4, processors())));
  },
  start: (...args) => ThreadPool.start(startThread, ...args),
});

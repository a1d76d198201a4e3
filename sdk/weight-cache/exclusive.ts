import { abortable } from '../platform/abortable.ts';

// Where there are no Web Locks (Node 20), or they are refused (a frame without an origin): one queue for each name, in this thread.
const queues = /* @__PURE__ */ new Map<string, Promise<void>>();

/**
 * Waits until nobody else, in any tab of this origin, holds the lock of this name.
 *
 * @returns the function that gives it back
 */
export async function acquireLock(name: string, signal?: AbortSignal): Promise<() => void> {
  signal?.throwIfAborted();
  const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
  if (locks) {
    try {
      return await new Promise((resolve, reject) => {
        // Held until the promise resolves, which `release` does.
        locks
          .request(`gptlet:${name}`, { signal }, () => new Promise<void>((release) => resolve(release)))
          .catch(reject);
      });
    } catch {
      signal?.throwIfAborted();
    }
  }
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const before = queues.get(name) ?? Promise.resolve();
  const after = before.then(() => held);
  queues.set(name, after);
  // Nothing stays behind for names that nobody waits for.
  after.then(() => queues.get(name) === after && queues.delete(name));
  try {
    await abortable(before, signal);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

// A worker that is ended by others (the browser short of memory, the caller's terminate()) tells nobody. A Web Lock that it
// held is free then, and whoever waits for the lock hears of it.

const locks = (): LockManager | undefined => (globalThis.navigator as Navigator | undefined)?.locks;

/** Takes a lock for as long as this thread lives. @returns its name, or undefined where locks are missing or refused */
export function holdLifeLock(): Promise<string | undefined> {
  const name = `gptlet worker ${Math.random()}`;
  return new Promise((resolve) => {
    const request = locks()?.request(name, () => {
      resolve(name);
      return new Promise<never>(() => {});
    });
    if (request) request.catch(() => resolve(undefined));
    else resolve(undefined);
  });
}

/** Calls `onEnd` when the thread that holds the lock has ended, unless the signal fires before. */
export function watchLifeLock(name: string, signal: AbortSignal, onEnd: () => void): void {
  locks()
    ?.request(name, { signal }, onEnd)
    .catch(() => {});
}

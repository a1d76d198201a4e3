/** A server that asks for longer than this is not waited for. */
export const longestRetryAfterMs = 120_000;

/**
 * Waits before the next try: as long as the server asked for, else longer with every failure, with a little chance in it, so that
 * many pages do not come back at one moment.
 *
 * @param failures tries that failed in a row, from 1
 * @param firstMs after the first of them; it doubles with every further one, up to `mostMs`
 * @throws the signal's reason once it is aborted
 */
export function backOff(
  failures: number,
  { retryAfterMs, firstMs, mostMs }: { retryAfterMs: number | undefined; firstMs: number; mostMs: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  const ms = retryAfterMs ?? Math.min(mostMs, firstMs * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}

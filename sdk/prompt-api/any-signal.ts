/** A signal that fires with the first of several; AbortSignal's own `any` is too young. `release` lets go of them. */
export function anySignal(signals: readonly (AbortSignal | undefined)[]): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const given = signals.filter((signal) => signal !== undefined);
  const removals = given.map((signal) => {
    const listener = (): void => controller.abort(signal.reason);
    if (signal.aborted) listener();
    signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  });
  const release = (): void => {
    for (const remove of removals) remove();
  };
  return { signal: controller.signal, release };
}

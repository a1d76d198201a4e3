import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoadProgress } from '../loading/load-options.ts';
import { SharedLoads } from './shared-loads.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const keepMs = 30_000;
const halfway: LoadProgress = { stage: 'download', loadedBytes: 1, totalBytes: 2, fraction: 0.5 };

/** Loads that end when the test says so. */
function loading() {
  const loads = new SharedLoads<{ dispose: () => Promise<void> }>((loaded) => loaded.dispose());
  const model = { dispose: vi.fn(async () => {}) };
  const started: { signal: AbortSignal; resolve: () => void; reject: (error: unknown) => void }[] = [];
  const load = vi.fn(
    ({ signal, onProgress }: { signal: AbortSignal; onProgress: (progress: LoadProgress) => void }) =>
      new Promise<typeof model>((resolve, reject) => {
        onProgress(halfway);
        started.push({ signal, resolve: () => resolve(model), reject });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  );
  return { loads, model, started, at: () => loads.at('key', load) };
}

describe('a shared load', () => {
  it('runs once for all who use it, and tells how far it is', async () => {
    const { loads, at, started, model } = loading();
    at().use(keepMs);
    at().use(keepMs);
    const both = [at().load(), at().load()];
    expect(loads.stateAt('key')).toMatchObject({ status: 'loading', loaded: undefined });
    vi.advanceTimersByTime(200);
    expect(loads.stateAt('key').progress).toEqual(halfway);
    started[0].resolve();
    expect(await Promise.all(both)).toEqual([model, model]);
    expect(started).toHaveLength(1);
    expect(loads.stateAt('key')).toMatchObject({ status: 'ready', loaded: model, error: undefined });
  });

  it('outlives the unmount between the two mounts of StrictMode', async () => {
    const { at, started } = loading();
    const leave = at().use(keepMs);
    void at().load();
    leave();
    at().use(keepMs);
    void at().load();
    vi.advanceTimersByTime(10 * keepMs);
    expect(started).toHaveLength(1);
    expect(started[0].signal.aborted).toBe(false);
  });

  it('is aborted a while after the last user has gone, and forgotten', async () => {
    const { loads, at, started, model } = loading();
    const leave = at().use(keepMs);
    const load = at().load();
    leave();
    const rejected = expect(load).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(1000);
    await rejected;
    expect(started[0].signal.aborted).toBe(true);
    expect(loads.stateAt('key').status).toBe('idle');
    // The end of the old one touches no new one.
    at().use(keepMs);
    const again = at().load();
    await vi.advanceTimersByTimeAsync(10 * keepMs);
    started[1].resolve();
    expect(await again).toBe(model);
  });

  it('stays loaded as long as the most patient of its users asked for, then is disposed of', async () => {
    const { loads, at, started, model } = loading();
    const leave = [at().use(5000), at().use(keepMs), at().use(0)];
    const load = at().load();
    started[0].resolve();
    await load;
    for (const each of leave) each();
    vi.advanceTimersByTime(keepMs - 1);
    expect(loads.stateAt('key').loaded).toBe(model);
    expect(model.dispose).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(model.dispose).toHaveBeenCalledTimes(1);
    expect(loads.stateAt('key').status).toBe('idle');
  });

  it('is never disposed of where it is to be kept for ever', async () => {
    const { at, started, model } = loading();
    const leave = at().use(Infinity);
    const load = at().load();
    started[0].resolve();
    await load;
    leave();
    vi.advanceTimersByTime(24 * 3600 * 1000);
    expect(model.dispose).not.toHaveBeenCalled();
  });

  it('is disposed of when it was too far to be aborted', async () => {
    const model = { dispose: vi.fn(async () => {}) };
    const loads = new SharedLoads<typeof model>((loaded) => loaded.dispose());
    let resolve = (_: typeof model): void => {};
    const shared = loads.at('key', () => new Promise((done) => (resolve = done)));
    shared.load().catch(() => {});
    await vi.advanceTimersByTimeAsync(1000);
    resolve(model);
    await vi.advanceTimersByTimeAsync(0);
    expect(model.dispose).toHaveBeenCalledTimes(1);
  });

  it('tells an error, and loads anew when it is asked to', async () => {
    const { loads, at, started, model } = loading();
    at().use(keepMs);
    const error = new Error('no network');
    const first = at().load();
    started[0].reject(error);
    await expect(first).rejects.toBe(error);
    expect(loads.stateAt('key')).toMatchObject({ status: 'error', error });
    const second = at().load();
    expect(loads.stateAt('key')).toMatchObject({ status: 'loading', error: undefined });
    started[1].resolve();
    expect(await second).toBe(model);
  });
});

describe('reading for Suspense', () => {
  const thrownBy = (read: () => unknown): unknown => {
    try {
      return read();
    } catch (thrown) {
      return thrown;
    }
  };

  it('throws one promise until it is loaded, and lives on without a user meanwhile', async () => {
    const { at, started, model } = loading();
    const read = () => at().read(keepMs);
    const waiting = thrownBy(read);
    expect(thrownBy(read)).toBe(waiting);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(started).toHaveLength(1);
    started[0].resolve();
    await waiting;
    expect(read()).toBe(model);
    // The component never came.
    vi.advanceTimersByTime(keepMs);
    expect(model.dispose).toHaveBeenCalledTimes(1);
  });

  it('throws the error of the load, until a while after nobody has caught it', async () => {
    const { at, started } = loading();
    const read = () => at().read(keepMs);
    const waiting = thrownBy(read);
    await vi.advanceTimersByTimeAsync(0);
    const error = new Error('no network');
    started[0].reject(error);
    await waiting;
    expect(thrownBy(read)).toBe(error);
    expect(thrownBy(read)).toBe(error);
    vi.advanceTimersByTime(1000);
    expect(thrownBy(read)).toBeInstanceOf(Promise);
  });

  it('begins no load while a component renders', async () => {
    const { at, started } = loading();
    thrownBy(() => at().read(keepMs));
    expect(started).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toHaveLength(1);
  });
});

import { expect, it, vi } from 'vitest';
import type { LoadProgress } from '../loading/load-options.ts';
import { shareLoad } from './shared-loads.ts';

const progress: LoadProgress = { stage: 'download', loadedBytes: 1, totalBytes: 2, fraction: 0.5 };
const loader = () => {
  const dispose = vi.fn(async () => {});
  const load = vi.fn(async ({ onProgress }: { onProgress?: (progress: LoadProgress) => void }) => {
    await Promise.resolve();
    onProgress?.(progress);
    return { dispose };
  });
  return { dispose, load };
};

it('elements that want the same model share it; the last to leave disposes of it', async () => {
  const { load, dispose } = loader();
  const [told, alsoTold] = [vi.fn(), vi.fn()];
  const first = shareLoad('same', load, told);
  const second = shareLoad('same', load, alsoTold);
  expect(await first.loaded).toBe(await second.loaded);
  expect(load).toHaveBeenCalledTimes(1);
  expect([told, alsoTold].map(({ mock }) => mock.calls)).toEqual([[[progress]], [[progress]]]);
  first.release(false);
  await Promise.resolve();
  expect(dispose).not.toHaveBeenCalled();
  second.release(false);
  await vi.waitFor(() => expect(dispose).toHaveBeenCalledTimes(1));
  shareLoad('same', load, told);
  expect(load).toHaveBeenCalledTimes(2);
});

it('the last to leave aborts a load', () => {
  let signal: AbortSignal | undefined;
  const load = (options: { signal?: AbortSignal }) => {
    signal = options.signal;
    return new Promise<{ dispose(): Promise<void> }>(() => {});
  };
  const holds = [1, 2].map(() => shareLoad('endless', load, () => {}));
  holds[0].release(false);
  expect(signal?.aborted).toBe(false);
  holds[1].release(false);
  expect(signal?.aborted).toBe(true);
});

it('what failed or died is loaded again, without a key for each alone', async () => {
  const { load } = loader();
  const failing = vi.fn(() => Promise.reject(new Error('offline')));
  await expect(shareLoad('a', failing, () => {}).loaded).rejects.toThrow('offline');
  const hold = shareLoad('a', load, () => {});
  shareLoad('a', load, () => {});
  expect(load).toHaveBeenCalledTimes(1);
  hold.release(true);
  shareLoad('a', load, () => {});
  expect(load).toHaveBeenCalledTimes(2);
  for (let i = 0; i < 2; i++) shareLoad(undefined, load, () => {});
  expect(load).toHaveBeenCalledTimes(4);
});

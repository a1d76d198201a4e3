import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
import type { LocalModel } from '../generation/local-model.ts';
import { loadLocalModel } from './load-local-model.ts';
import type { LoadProgress, LocalLoadOptions } from './load-options.ts';

/** Loads in the caller's own thread. What `onProgress` throws ends the load for that reason, as it does a worker's. */
export async function loadHere(source: ModelSource, options: LocalLoadOptions): Promise<LocalModel> {
  const { signal, onProgress } = options;
  if (!onProgress) return loadLocalModel(source, options);
  const stop = new AbortController();
  const follow = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) follow();
  signal?.addEventListener('abort', follow, { once: true });
  const tell = (progress: LoadProgress): void => {
    try {
      if (!stop.signal.aborted) onProgress(progress);
    } catch (error) {
      stop.abort(error);
    }
  };
  try {
    const model = await loadLocalModel(source, { ...options, signal: stop.signal, onProgress: tell });
    // At the last word there is no load left to be ended.
    if (stop.signal.aborted) await model.dispose();
    stop.signal.throwIfAborted();
    return model;
  } finally {
    signal?.removeEventListener('abort', follow);
  }
}

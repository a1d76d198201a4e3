import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import { createWebGpuEngineBuilder } from '../backends/webgpu/index.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { LocalCalls } from '../generation/local-calls.ts';
import { everyModel } from './every-model.ts';
import { loadCalls } from './load-calls.ts';
import type { LoadProgress, LocalLoadOptions } from './load-options.ts';
import { ownSurroundings } from './own-surroundings.ts';
import { webGpuEngines } from './webgpu-engines.ts';

/** Loads in the caller's own thread. What `onProgress` throws ends the load for that reason, as it does a worker's. */
export async function loadHere(source: ModelSource, options: LocalLoadOptions): Promise<LocalCalls> {
  const loader = everyModel(ownSurroundings(), {
    wasm: createWasmEngineBuilder,
    webgpu: webGpuEngines(createWebGpuEngineBuilder),
  });
  const { signal, onProgress } = options;
  if (!onProgress) return loadCalls(source, options, loader);
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
    return await loadCalls(source, { ...options, signal: stop.signal, onProgress: tell }, loader);
  } finally {
    signal?.removeEventListener('abort', follow);
  }
}

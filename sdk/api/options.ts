import type { HubOptions, ModelSource } from '../checkpoint/open-source.ts';
import type { BackendOption, DtypeOption, LoadProgress } from '../loading/load-options.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';

/** How a model is loaded. */
export interface LoadOptions {
  /** @default 'auto': WebGPU where there is a real one, else WASM; `model.backend` tells */
  backend?: BackendOption;
  /**
   * Weights are quantised while loading, whatever the checkpoint holds. @default 'auto': the fastest that
   * loses nothing one would notice on the backend; `model.dtype` tells. On the CPU f16 runs as f32
   */
  dtype?: DtypeOption;
  /** WASM only. @default 1 unless the page is cross-origin isolated */
  threads?: number;
  /**
   * Where the model runs: a worker of the package's own (true), one that the caller brings, or the calling
   * thread (false). @default true in a page, false elsewhere
   */
  worker?: boolean | Worker | (() => Worker);
  /**
   * Keep downloaded weights: in origin-private storage (in Node, a folder), resumable and checked, or in a cache of the
   * caller's own. @default true
   */
  cache?: boolean | WeightCache;
  hub?: HubOptions;
  /** Cancels the load, which then rejects with the platform's AbortError. */
  signal?: AbortSignal;
  /** Called on the thread that loads the model. What it throws ends the load, which then rejects with that. */
  onProgress?: (progress: LoadProgress) => void;
}

/** Options of `generate()` that are not the generation's own. */
export interface ModelOption {
  /** @default the embedded model */
  model?: ModelSource;
}

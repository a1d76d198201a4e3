import type { HubOptions } from '../checkpoint/open-source.ts';
import type { Dtype } from '../model/dtype.ts';
import { checkOptions, defaultsOf } from '../options/check-options.ts';
import { hubOptions, loadOptions } from '../options/table.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';

export type Backend = 'webgpu' | 'wasm';
export type BackendOption = 'auto' | Backend;
export type DtypeOption = 'auto' | Dtype;

/** How far a load is. `fraction` runs from 0 to 1 and never falls. */
export interface LoadProgress {
  readonly stage: 'config' | 'download' | 'prepare' | 'compile' | 'ready';
  readonly file?: string;
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly fraction: number;
}

/** What loading needs to know: resolved. All but a cache of the caller's own and the last two can cross a worker boundary. */
export interface LocalLoadOptions {
  readonly backend: BackendOption;
  readonly dtype: DtypeOption;
  readonly contextLength: number | undefined;
  readonly threads: number | undefined;
  readonly cache: boolean | WeightCache;
  readonly hub: HubOptions | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** All that was given or is the default; where the model runs is decided by whoever loads. */
export type ResolvedLoadOptions = LocalLoadOptions & Pick<LoadOptions, 'worker'>;

/** How a model is loaded. */
export interface LoadOptions {
  /** @default 'auto': WebGPU where there is a real one, else WASM; `model.backend` tells */
  backend?: BackendOption;
  /**
   * Weights are quantised while loading, whatever the checkpoint holds. @default 'auto': the fastest that
   * loses nothing one would notice on the backend; `model.dtype` tells. On the CPU f16 runs as f32
   */
  dtype?: DtypeOption;
  /**
   * Most tokens that one sequence may hold, prompt and answer together; at most what the model was made for. Memory for them is
   * taken as they come. @default as many as the model and this machine's memory allow; `model.contextLength` tells
   */
  contextLength?: number;
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

/** Checks what the caller gave, and fills in the rest. @throws GptletError INVALID_OPTION */
export const resolveLoadOptions = (given: LoadOptions): ResolvedLoadOptions =>
  fillLoadOptions(checkOptions(loadOptions(), given));

/** Fills in what options that have been checked leave out; those of `hub` are checked here. @throws GptletError INVALID_OPTION */
export function fillLoadOptions(checked: LoadOptions): ResolvedLoadOptions {
  const all = { ...defaultsOf<LoadOptions>(loadOptions()), ...checked } as ResolvedLoadOptions;
  return { ...all, hub: all.hub && checkOptions(hubOptions(), all.hub) };
}

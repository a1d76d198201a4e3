import type { HubOptions } from '../checkpoint/model-source.ts';
import type { Dtype } from '../model/dtype.ts';
import { checkOptions, invalidOption, type OptionTypes } from '../options/check-options.ts';
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

/** What loading in the calling thread needs to know: resolved, all that can cross a worker boundary but the last two. */
export interface LocalLoadOptions {
  readonly backend: BackendOption;
  readonly dtype: DtypeOption;
  readonly threads: number | undefined;
  readonly cache: boolean | WeightCache;
  readonly hub: HubOptions | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** What may be given. */
export const loadTypes: OptionTypes<GivenLoadOptions> = {
  backend: "'auto', 'webgpu', 'wasm'",
  dtype: "'auto', 'f32', 'f16', 'q8', 'q4'",
  threads: 1,
  worker: 1, // where one is started
  cache: 'type boolean, type object',
  hub: 'type object',
  signal: 1,
  onProgress: 'type function',
};

interface GivenLoadOptions {
  backend?: string;
  dtype?: string;
  threads?: number;
  worker?: boolean | Worker | (() => Worker);
  cache?: boolean | WeightCache;
  hub?: HubOptions;
  signal?: AbortSignal;
  onProgress?: (progress: LoadProgress) => void;
}

/** Checks what the caller gave. @throws GptletError INVALID_OPTION */
export function resolveLoadOptions(given: GivenLoadOptions): Omit<LocalLoadOptions, 'signal' | 'onProgress'> {
  checkOptions(given, loadTypes);
  const { backend, dtype, threads, cache, hub } = given;
  checkOptions(hub ?? {}, { endpoint: 1, token: 1 });
  if (threads != null && !(Number.isInteger(threads) && threads > 0 && threads < 65))
    throw invalidOption('threads', threads, 'a whole number from 1 to 64');
  if (typeof cache === 'object' && typeof cache?.read !== 'function')
    throw invalidOption('cache', cache, 'a WeightCache');
  return {
    backend: (backend ?? 'auto') as BackendOption,
    dtype: (dtype ?? 'auto') as DtypeOption,
    threads: threads ?? undefined,
    cache: cache ?? true,
    hub: hub ?? undefined,
  };
}

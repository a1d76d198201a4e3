import { GptletError } from '../api/errors.ts';
import type { Dtype } from '../backends/engine.ts';
import type { HubOptions } from '../checkpoint/model-source.ts';
import { checkSignal } from '../platform/check-signal.ts';
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

const names = ['backend', 'dtype', 'threads', 'worker', 'cache', 'hub', 'signal', 'onProgress'];

/** Checks what the caller gave. @throws GptletError INVALID_OPTION */
export function resolveLoadOptions(given: {
  backend?: unknown;
  dtype?: unknown;
  threads?: unknown;
  worker?: unknown;
  cache?: unknown;
  hub?: HubOptions;
  signal?: AbortSignal;
  onProgress?: unknown;
}): Omit<LocalLoadOptions, 'signal' | 'onProgress'> {
  const { threads, worker, onProgress } = given;
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new GptletError(
      'INVALID_OPTION',
      `The option '${stranger}' is none of loading; options are ${names.join(', ')}.`,
    );
  }
  checkSignal(given.signal);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw new GptletError('INVALID_OPTION', `The option 'onProgress' is ${String(onProgress)}; it must be a function.`);
  const isWorker = typeof (worker as Worker | undefined)?.postMessage === 'function';
  if (!isWorker && !['undefined', 'boolean', 'function'].includes(typeof worker)) {
    throw new GptletError(
      'INVALID_OPTION',
      `The option 'worker' is ${String(worker)}; it must be true, false, a Worker or a function that makes one.`,
    );
  }
  if (threads !== undefined && !(Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= 64)) {
    throw new GptletError(
      'INVALID_OPTION',
      `The option 'threads' is ${String(threads)}; it must be a whole number from 1 to 64.`,
    );
  }
  return {
    backend: oneOf('backend', given.backend, ['auto', 'webgpu', 'wasm']),
    dtype: oneOf('dtype', given.dtype, ['auto', 'f32', 'f16', 'q8', 'q4']),
    threads: threads as number | undefined,
    cache: resolveCache(given.cache),
    hub: given.hub,
  };
}

function resolveCache(cache: unknown): boolean | WeightCache {
  if (cache === undefined || typeof cache === 'boolean') return cache ?? true;
  if (typeof (cache as WeightCache | null)?.read === 'function') return cache as WeightCache;
  throw new GptletError(
    'INVALID_OPTION',
    `The option 'cache' is ${String(cache)}; it must be true, false or a WeightCache.`,
  );
}

function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  if (value === undefined) return allowed[0];
  if (!allowed.includes(value as T)) {
    throw new GptletError(
      'INVALID_OPTION',
      `The option '${name}' is ${JSON.stringify(value)}; it must be one of ${allowed.join(', ')}.`,
    );
  }
  return value as T;
}

import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { checkOptions } from '../options/check-options.ts';
import { loadOptions, sharedLoadOptions } from '../options/table.ts';
import { keyOf } from './key-of.ts';
import { idle, type Loadable, type LoadState, type SharedLoad } from './shared-load.ts';
import type { SharedLoads } from './shared-loads.ts';

/** How a component loads: `loadModel`'s options, which decide what is shared, and when. */
export interface UseLoadOptions extends Omit<LoadOptions, 'signal' | 'onProgress'> {
  /** Load when `load` is called, not when the component mounts. @default false */
  lazy?: boolean;
  /** Suspend until it is loaded, and throw what the load fails with. On a server React then sends the boundary's fallback. @default false */
  suspense?: boolean;
  /** How long in ms it stays loaded without a component that uses it, at least. @default 30_000 */
  gcTime?: number;
}

/** Loads, with options that have been checked. */
export type LoadShared<Loaded> = (source: ModelSource | undefined, options: LoadOptions) => Promise<Loaded>;

/** The state of a load that all components share which give the same source and options; `open` is the load itself. */
export function useSharedLoad<Loaded extends Loadable>(
  loads: SharedLoads<Loaded>,
  load: LoadShared<Loaded>,
  source: ModelSource | undefined,
  given: UseLoadOptions,
): LoadState<Loaded> & { readonly open: () => SharedLoad<Loaded> } {
  const { lazy = false, suspense = false, gcTime = 30_000, ...options } = given;
  const key = keyOf({ source, options });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of source and options that counts
  const open = useCallback(
    () => loads.at(key, (hooks) => load(source, { ...checked(given), ...hooks })),
    [loads, load, key],
  );
  const subscribe = useCallback(
    (listener: () => void) => {
      const shared = open();
      const leave = shared.use(gcTime);
      const unsubscribe = shared.subscribe(listener);
      return () => {
        unsubscribe();
        leave();
      };
    },
    [open, gcTime],
  );
  const state = useSyncExternalStore<LoadState<Loaded>>(
    subscribe,
    () => loads.stateAt(key),
    () => idle,
  );
  useEffect(() => {
    const shared = open();
    if (!lazy && shared.get().status === 'idle') shared.load().catch(() => {});
  }, [open, lazy]);
  if (suspense && !state.loaded) {
    // React has no other way to say so: https://react.dev/reference/react/Suspense, on content for browsers alone.
    if (typeof document === 'undefined') throw onServer();
    open().read(gcTime);
  }
  // Nobody sees the moment between a first render and its effect, and a server's page says what the visitor's will.
  const status = state.status === 'idle' && !lazy ? 'loading' : state.status;
  return { ...state, status, open };
}

/** @throws GptletError INVALID_OPTION */
function checked(given: UseLoadOptions): LoadOptions {
  const { signal: _, onProgress: __, ...ofLoad } = loadOptions();
  const { lazy, suspense, gcTime, ...options } = checkOptions({ ...ofLoad, ...sharedLoadOptions() }, given);
  return options;
}

const onServer = (): GptletError =>
  new GptletError(
    'UNSUPPORTED_PLATFORM',
    'useModel with suspense loads in a browser only: put the component into <Suspense>, whose fallback React sends instead, or leave suspense out.',
  );

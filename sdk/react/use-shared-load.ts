import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { FallbackOptions } from '../api/fallback-options.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { checkOptions } from '../options/check-options.ts';
import { sharedLoadOptions } from '../options/table.ts';
import { keyOf } from './key-of.ts';
import { idle, type LoadState, type SharedLoad } from './shared-load.ts';
import type { SharedLoads } from './shared-loads.ts';

/** When a component loads, and for how long. */
export interface SharedOptions {
  /** Load when `load` is called, not when the component mounts. @default false */
  lazy?: boolean;
  /** Suspend until it is loaded, and throw what the load fails with. On a server React then sends the boundary's fallback. @default false */
  suspense?: boolean;
  /** How long in ms it stays loaded without a component that uses it, at least. @default 30_000 */
  gcTime?: number;
}

/** How and when a component loads. What says how also says with which other components it shares. */
export type UseLoadOptions = Omit<LoadOptions, 'signal' | 'onProgress'> & SharedOptions;

/** The state of a load that all components share which give the same source and options; `open` is the load itself. */
export function useSharedLoad<Loaded>(
  loads: SharedLoads<Loaded>,
  load: (source: ModelSource | undefined, options: LoadOptions & FallbackOptions) => Promise<Loaded>,
  source: ModelSource | undefined,
  { lazy = false, suspense = false, gcTime = 30_000, ...options }: UseLoadOptions & FallbackOptions,
): LoadState<Loaded> & { readonly open: () => SharedLoad<Loaded> } {
  const key = keyOf({ source, options });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of source and options that counts
  const open = useCallback(
    () =>
      loads.at(key, (hooks) => {
        checkOptions(sharedLoadOptions(), { lazy, suspense, gcTime });
        return load(source, { ...options, ...hooks });
      }),
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

const onServer = (): GptletError =>
  new GptletError(
    'UNSUPPORTED_PLATFORM',
    'useModel with suspense loads in a browser only: put the component into <Suspense>, whose fallback React sends instead, or leave suspense out.',
  );

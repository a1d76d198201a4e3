import { useCallback } from 'react';
import type { FallbackOptions } from '../api/fallback-options.ts';
import { loadModel } from '../api/load-model.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { RemoteModel } from '../loaded-model/remote-model.ts';
import type { LoadProgress } from '../loading/load-options.ts';
import type { LoadStatus } from './shared-load.ts';
import { SharedLoads } from './shared-loads.ts';
import { type UseLoadOptions, useSharedLoad } from './use-shared-load.ts';

/** What a fallback gave belongs to whoever connected it. */
const models = new SharedLoads<GptModel | RemoteModel>(async (model) => {
  if (model.place === 'here') await model.dispose();
});

/** `loadModel`'s options, which also say with which other components a model is shared, and when to load. */
export type UseModelOptions = UseLoadOptions & FallbackOptions;

/** What `useModel` gives for its options. */
type ModelOf<Options> =
  | GptModel
  | (Options extends { fallback: RemoteModel } ? RemoteModel : never)
  | (Options extends { suspense: true } ? never : undefined);

export interface UseModelResult<Model = GptModel | undefined> {
  /** Undefined until it is ready. */
  readonly model: Model;
  /** 'idle' with `lazy` only, until `load` is called. */
  readonly status: LoadStatus;
  /** How far the load is; undefined before it began. */
  readonly progress: LoadProgress | undefined;
  /** What the load failed with: a GptletError. */
  readonly error: Error | undefined;
  /** Loads: with `lazy`, and once more after an error. Resolves with undefined where it fails, which `error` tells; never rejects. */
  readonly load: () => Promise<Model | undefined>;
}

/**
 * A model, loaded once for all components that give the same source and options. It stays while one of them is mounted and
 * `gcTime` longer, then it is disposed of; a load that nobody waits for any more is aborted.
 *
 * @param source as `loadModel` takes it. Files and options may be made anew with every render, as long as the Blobs, buffers,
 *   caches, workers and the `fallback` in them are the same; functions are not compared. @default the embedded model
 * @example
 * const { model, status, progress } = useModel('HuggingFaceTB/SmolLM2-135M-Instruct', { dtype: 'q8' });
 */
export function useModel<Options extends UseModelOptions = object>(
  source?: ModelSource,
  options?: Options,
): UseModelResult<ModelOf<Options>> {
  const { loaded, status, progress, error, open } = useSharedLoad(models, loadModel, source, options ?? {});
  const load = useCallback(
    () =>
      open()
        .load()
        .catch(() => undefined),
    [open],
  );
  return { model: loaded, status, progress, error, load } as UseModelResult<ModelOf<Options>>;
}

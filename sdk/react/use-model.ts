import { useCallback } from 'react';
import { loadModel } from '../api/load-model.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { LoadOptions, LoadProgress } from '../loading/load-options.ts';
import type { LoadStatus } from './shared-load.ts';
import { SharedLoads } from './shared-loads.ts';
import { type UseLoadOptions, useSharedLoad } from './use-shared-load.ts';

const models = new SharedLoads<GptModel>();
/** A model of this machine's: hooks have no fallback. */
const loadHere = (source?: ModelSource, options?: LoadOptions): Promise<GptModel> => loadModel(source, options);

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
  readonly load: () => Promise<GptModel | undefined>;
}

/**
 * A model, loaded once for all components that give the same source and options. It stays while one of them is mounted and
 * `gcTime` longer, then it is disposed of; a load that nobody waits for any more is aborted.
 *
 * @param source as `loadModel` takes it. Files and options may be made anew with every render, as long as the Blobs, buffers,
 *   caches and workers in them are the same; functions are not compared. @default the embedded model
 * @example
 * const { model, status, progress } = useModel('HuggingFaceTB/SmolLM2-135M-Instruct', { dtype: 'q8' });
 */
export function useModel(
  source: ModelSource | undefined,
  options: UseLoadOptions & { suspense: true },
): UseModelResult<GptModel>;
export function useModel(source?: ModelSource, options?: UseLoadOptions): UseModelResult;
export function useModel(source?: ModelSource, options: UseLoadOptions = {}): UseModelResult {
  const { loaded, status, progress, error, open } = useSharedLoad(models, loadHere, source, options);
  const load = useCallback(
    () =>
      open()
        .load()
        .catch(() => undefined),
    [open],
  );
  return { model: loaded, status, progress, error, load };
}

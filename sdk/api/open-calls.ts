import type { ModelSource } from '../checkpoint/open-source.ts';
import type { ModelCalls } from '../loaded-model/model-calls.ts';
import type { ResolvedLoadOptions } from '../loading/load-options.ts';
import { abortable } from '../platform/abortable.ts';
import { withDefaultModel } from './default-model.ts';

/** Loads a model where its options say: in a worker, or in this thread. */
export function openCalls(source: ModelSource | undefined, options: ResolvedLoadOptions): Promise<ModelCalls> {
  const { worker = inPage(), ...rest } = options;
  const load = async (from: ModelSource, local = rest): Promise<ModelCalls> => {
    if (worker === false) {
      const { loadHere } = await import('../loading/load-here.ts');
      return loadHere(from, local);
    }
    const { loadEveryModel } = await import('../worker/load-every-model.ts');
    return loadEveryModel(from, local, worker);
  };
  // What ships with the page is the browser's to cache.
  const loading =
    source === undefined ? withDefaultModel((files) => load(files, { ...rest, cache: false })) : load(source);
  return leaveWhenAborted(loading, options.signal);
}

/** A load may be waiting for a worker's script, or past the last place where it looks at the signal: the caller waits for neither. */
function leaveWhenAborted(loading: Promise<ModelCalls>, signal: AbortSignal | undefined): Promise<ModelCalls> {
  loading.then((calls) => (signal?.aborted ? calls.dispose() : undefined)).catch(() => {});
  return abortable(loading, signal);
}

/** Whether this is a page, where a model runs in a worker unless told otherwise. */
export const inPage = (): boolean => typeof document !== 'undefined';

import type { LoadOptions, LoadProgress } from '../loading/load-options.ts';

interface Disposable {
  dispose(): Promise<void>;
}

type OnProgress = (progress: LoadProgress) => void;

/** What one element has of a model that it may share with others. */
export interface Hold<Model> {
  readonly loaded: Promise<Model>;
  /** The last to let go ends a load that runs, and disposes of the model. `isDead`: nobody is to be given this one any more. */
  release(isDead: boolean): void;
}

interface Load {
  readonly loaded: Promise<Disposable>;
  readonly abort: AbortController;
  readonly users: Set<OnProgress>;
}

const loads = new Map<string, Load>();

/** Loads a model once for all elements that ask for the same; without a key for this one alone. */
export function shareLoad<Model extends Disposable>(
  key: string | undefined,
  load: (options: Pick<LoadOptions, 'signal' | 'onProgress'>) => Promise<Model>,
  onProgress: OnProgress,
): Hold<Model> {
  const shared = (key !== undefined && loads.get(key)) || begin(load);
  const forget = (): void => {
    if (key !== undefined && loads.get(key) === shared) loads.delete(key);
  };
  if (key !== undefined) loads.set(key, shared);
  shared.loaded.catch(forget);
  shared.users.add(onProgress);
  return {
    loaded: shared.loaded as Promise<Model>,
    release(isDead) {
      shared.users.delete(onProgress);
      if (isDead) forget();
      if (shared.users.size > 0) return;
      forget();
      shared.abort.abort();
      shared.loaded.then((model) => model.dispose()).catch(() => {});
    },
  };
}

function begin(load: (options: Pick<LoadOptions, 'signal' | 'onProgress'>) => Promise<Disposable>): Load {
  const abort = new AbortController();
  const users = new Set<OnProgress>();
  const onProgress: OnProgress = (progress) => {
    for (const tell of users) tell(progress);
  };
  return { loaded: load({ signal: abort.signal, onProgress }), abort, users };
}

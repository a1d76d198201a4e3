import type { OwnDrafts } from '../loaded-model/loaded-model.ts';
import type { ModelCalls } from '../loaded-model/model-calls.ts';
import type { ResolvedLoadOptions } from '../loading/load-options.ts';
import { abortable } from '../platform/abortable.ts';
import { draftOptions } from './draft-options.ts';
import { openCalls } from './open-calls.ts';

/** Loads the models that draft for one that was loaded with `options`, each at its first use. */
export function ownDrafts(options: ResolvedLoadOptions): OwnDrafts {
  const loaded = new Map<string, Promise<ModelCalls>>();
  return {
    load(id, signal) {
      let loading = loaded.get(id);
      if (!loading) {
        loading = openCalls(id, draftOptions(options));
        loaded.set(id, loading);
        // One failed load must not poison the next.
        loading.catch(() => loaded.delete(id));
      }
      // The load goes on for later calls; only this one leaves.
      return abortable(loading, signal);
    },
    async dispose() {
      await Promise.all(
        [...loaded.values()].map((loading) => loading.then((calls) => calls.dispose()).catch(() => {})),
      );
    },
  };
}

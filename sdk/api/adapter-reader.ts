import type { ReadAdapter } from '../loaded-model/loaded-model.ts';
import type { ResolvedLoadOptions } from '../loading/load-options.ts';

/** Reads adapters for a model that was loaded with `options`; the code comes with the first. */
export const adapterReader =
  ({ hub, cache }: Pick<ResolvedLoadOptions, 'hub' | 'cache'>): ReadAdapter =>
  async (source, config, signal) => {
    const { readAdapterAt } = await import('../loading/read-adapter-at.ts');
    return readAdapterAt(source, config, { hub, cache, signal });
  };

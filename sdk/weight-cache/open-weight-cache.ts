import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { text, weightCache } from '../options/kinds.ts';
import { weightCacheOptions } from '../options/table.ts';
import { hasNodeModules } from '../platform/node-module.ts';
import { openBrowserCache } from './browser-cache.ts';
import { type CachedModel, listCachedModels, removeCachedModel } from './cached-models.ts';
import { nodeCache } from './node-cache.ts';
import type { WeightCache } from './weight-cache.ts';

export type { CachedModel } from './cached-models.ts';

/** How the package's own cache is opened. */
export interface WeightCacheOptions {
  /** Most bytes to keep; the models used longest ago go first. @default Infinity: what the browser grants */
  readonly budgetBytes?: number;
  /** Node only. @default gptlet in $XDG_CACHE_HOME, else in ~/.cache */
  readonly directory?: string;
}

/**
 * Opens the best place for weights that there is: the origin-private file system, else the Cache API; in
 * Node a folder.
 *
 * @throws GptletError INVALID_OPTION for a budget below 0
 * @returns undefined where nothing can be kept, as in some private windows or on a page without https
 * @example
 * const model = await loadModel('openai-community/gpt2', { cache: await openWeightCache({ budgetBytes: 1e9 }) });
 */
export async function openWeightCache(options: WeightCacheOptions = {}): Promise<WeightCache | undefined> {
  const { budgetBytes, directory } = checkOptions(weightCacheOptions(), options);
  const cache = await openOwnCache(directory);
  return cache && { ...cache, budgetBytes };
}

/** {@link openWeightCache} without a budget, which nobody gave. */
export async function openOwnCache(directory?: string): Promise<WeightCache | undefined> {
  if (!hasNodeModules()) return openBrowserCache();
  return globalThis.crypto?.subtle && nodeCache(directory);
}

/**
 * The models in the cache, the one used last first.
 *
 * @param cache the package's own by default
 * @example
 * for (const { model, bytes } of await listCached()) console.log(model, bytes / 1e6, 'MB');
 */
export async function listCached(cache?: WeightCache): Promise<CachedModel[]> {
  const opened = await opens(cache);
  return opened ? listCachedModels(opened) : [];
}

/**
 * Removes a model from the cache, by the address that {@link listCached} gives or by its hub id ('owner/name' in all
 * revisions, 'owner/name@revision' in one); without one, everything.
 *
 * @param cache the package's own by default
 * @example
 * await removeCached('openai-community/gpt2');
 */
export async function removeCached(model?: string, cache?: WeightCache): Promise<void> {
  // Only undefined is everything: a name that is missing by mistake must not be.
  if (model !== undefined) checkArgument('model', model, text);
  const opened = await opens(cache);
  if (opened) await removeCachedModel(opened, model);
}

async function opens(cache: WeightCache | undefined): Promise<WeightCache | undefined> {
  if (cache === undefined) return openOwnCache();
  checkArgument('cache', cache, weightCache);
  return cache;
}

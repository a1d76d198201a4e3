import { type CacheEntry, entryId, isComplete, keptBytes, manifestName, readEntry } from './cache-entry.ts';
import type { WeightCache } from './weight-cache.ts';

/** One model in the cache. */
export interface CachedModel {
  /** The address under which its files lie. */
  readonly model: string;
  /** Bytes kept. */
  readonly bytes: number;
  /** Whether every file that was begun is whole. */
  readonly complete: boolean;
  readonly lastUsed: Date;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly size: number }[];
}

/** What a cache holds, the model used last first. */
export async function listCachedModels(cache: WeightCache): Promise<CachedModel[]> {
  const byModel = new Map<string, CacheEntry[]>();
  for (const entry of await allEntries(cache)) byModel.set(entry.model, [...(byModel.get(entry.model) ?? []), entry]);
  return [...byModel]
    .map(([model, entries]) => ({
      model,
      bytes: sumOfKept(entries),
      complete: entries.every(isComplete),
      lastUsed: new Date(Math.max(...entries.map(({ lastUsed }) => lastUsed))),
      files: entries
        .filter(({ size }) => size >= 0)
        .map((entry) => ({ name: fileName(entry), bytes: keptBytes(entry), size: entry.size })),
    }))
    .sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}

/** Removes one model, or all of them and whatever else lies in the cache. */
export async function removeCachedModel(cache: WeightCache, model?: string): Promise<void> {
  const names = await cache.names();
  if (model === undefined) {
    for (const name of names) await cache.remove(name);
    return;
  }
  const isMeant = named(model);
  for (const entry of await allEntries(cache)) {
    if (isMeant(entry.model)) await removeEntry(cache, await entryId(entry.url), names);
  }
}

/** Whether an address is that of `model`: itself an address, or a hub id with its owner, of all revisions or of one. */
function named(model: string): (address: string) => boolean {
  const [id, revision] = model.split('@');
  const folder = `/${id}/resolve/${revision === undefined ? '' : `${encodeURIComponent(revision)}/`}`;
  return (address) => address === model || (id.includes('/') && address.includes(folder));
}

/** Removes an entry's manifest first, so that an interruption leaves chunks that nobody refers to. */
export async function removeEntry(cache: WeightCache, id: string, names?: readonly string[]): Promise<void> {
  await cache.remove(manifestName(id));
  for (const name of names ?? (await cache.names())) if (name.startsWith(`${id}.`)) await cache.remove(name);
}

/**
 * Makes room for `bytes` more by removing the models used longest ago, never `keep`.
 *
 * @returns how many bytes were freed
 */
export async function evictModels(cache: WeightCache, bytes: number, keep: string): Promise<number> {
  let freed = 0;
  for (const { model, bytes: held } of (await listCachedModels(cache)).reverse()) {
    if (freed >= bytes) break;
    if (model === keep) continue;
    await removeCachedModel(cache, model);
    freed += held;
  }
  return freed;
}

/** Bytes of all models together. */
export async function cachedBytes(cache: WeightCache): Promise<number> {
  return sumOfKept(await allEntries(cache));
}

async function allEntries(cache: WeightCache): Promise<CacheEntry[]> {
  const manifests = (await cache.names()).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
  const entries = await Promise.all(manifests.map((name) => readEntry(cache, name.slice(0, 32))));
  return entries.filter((entry) => entry !== undefined);
}

const sumOfKept = (entries: readonly CacheEntry[]): number => entries.reduce((sum, entry) => sum + keptBytes(entry), 0);

const fileName = ({ url }: CacheEntry): string => decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? url);

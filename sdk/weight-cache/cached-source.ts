import type { FileSource, RemoteFolder, SourceFile } from '../checkpoint/sources/file-source.ts';
import { Refusal } from '../checkpoint/sources/http-request.ts';
import { Transient } from '../platform/transient.ts';
import { type CacheEntry, chunkBytes, entryId, isComplete, readEntry } from './cache-entry.ts';
import { CacheWriter } from './cache-writer.ts';
import { cachedFile } from './cached-file.ts';
import { removeEntry } from './cached-models.ts';
import type { WeightCache } from './weight-cache.ts';

// Smaller files are not in the hub's list of hashes, and their JSON shows damage by itself.
const checkedBytes = 64 << 10;
/** Stands for the version of a file that the server refused: another token may open it. */
const refused = 'refused';

/**
 * Puts a cache before a folder on a server. A file that is there whole is served from the cache, after one
 * small request that tells whether it is still the same; without a network it is served as it is. A part
 * that an earlier load left is completed. Files that the server does not have are remembered too, so that
 * a model that was loaded once loads offline.
 *
 * @param warn told once if the cache cannot be written; the load then goes on without it
 */
export function cachedSource(
  source: FileSource,
  remote: RemoteFolder,
  cache: WeightCache,
  warn: (message: string) => void,
): FileSource {
  const writer = new CacheWriter(cache, remote.root, warn);

  async function isCurrent(name: string, entry: CacheEntry, signal: AbortSignal | undefined): Promise<boolean> {
    if (remote.immutable && entry.validator !== refused) return true;
    try {
      const version = await remote.check(name, signal);
      if (version === undefined) return entry.size < 0;
      return version.validator === entry.validator && (version.size ?? entry.size) === entry.size;
    } catch (error) {
      signal?.throwIfAborted();
      // No network, or a server in trouble: what was kept is the best there is.
      if (error instanceof Transient) return true;
      throw error;
    }
  }

  return {
    gguf: source.gguf,
    list: source.list,
    locate: (name) => source.locate(name),
    answer: (name) => source.answer?.(name),
    async open(name, signal): Promise<SourceFile | undefined> {
      const url = remote.address(name);
      const id = await entryId(url);
      let entry = await readEntry(cache, id).catch(() => undefined);
      const open = (openSignal?: AbortSignal): Promise<SourceFile | undefined> => source.open(name, openSignal);
      if (entry && isComplete(entry) && (await isCurrent(name, entry, signal))) {
        await writer.touch(id, entry);
        return entry.size < 0 ? undefined : cachedFile({ id, entry, cache, writer, open });
      }
      const newEntry = (size: number, validator: string): CacheEntry => ({
        ...({ format: 1, model: remote.root, url, size, validator } as const),
        hashes: new Array<string | null>(Math.max(0, Math.ceil(size / chunkBytes))).fill(null),
        lastUsed: Date.now(),
      });
      const file = await open(signal).catch(async (error) => {
        // Without a network it is absent, as it counts with one.
        if (error instanceof Refusal && !entry) await writer.touch(id, newEntry(-1, refused));
        throw error;
      });
      const { size = -1, validator = '' } = file ?? {};
      // Without a size or a sign of its version, a kept file could not be told from another one.
      if (file && (size < 0 || validator === '')) return file;
      if (entry && (entry.size !== size || entry.validator !== validator)) {
        await removeEntry(cache, id).catch(() => {});
        entry = undefined;
      }
      entry ??= newEntry(size, validator);
      if (!file) {
        await writer.touch(id, entry);
        return undefined;
      }
      // Nothing is written yet: another tab may be filling this entry, and holds the lock.
      const published = remote.sha256 && size > checkedBytes ? await remote.sha256(name, signal) : undefined;
      // A hub that keeps large files by their hash gives it as their ETag.
      const expectedSha256 = published ?? /^"([0-9a-f]{64})"$/.exec(validator)?.[1];
      return cachedFile({ id, entry, cache, writer, open: async () => file, expectedSha256 });
    },
  };
}

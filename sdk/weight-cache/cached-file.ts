import { ByteReader } from '../checkpoint/byte-reader.ts';
import type { SourceFile } from '../checkpoint/sources/file-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { type CacheEntry, chunkBytes, chunkName, readEntry, sha256 } from './cache-entry.ts';
import type { CacheWriter } from './cache-writer.ts';
import { removeEntry } from './cached-models.ts';
import { acquireLock } from './exclusive.ts';
import { Sha256Stream } from './sha256-stream.ts';
import type { WeightCache } from './weight-cache.ts';

/** What a file needs that is served from a cache and completed from a server. */
export interface CachedFileParts {
  readonly id: string;
  readonly entry: CacheEntry;
  readonly cache: WeightCache;
  readonly writer: CacheWriter;
  /** Opens the file on the server, when a chunk is not in the cache. */
  readonly open: (signal?: AbortSignal) => Promise<SourceFile | undefined>;
  /** What the whole file must hash to, where the server says so. */
  readonly expectedSha256?: string;
}

/**
 * A file whose chunks come from the cache where they are there and sound, else from the server and then
 * into the cache. While chunks are downloaded a lock is held, so that a second tab waits and then reads
 * what the first has kept.
 */
export function cachedFile({ id, entry, cache, writer, open, expectedSha256 }: CachedFileParts): SourceFile {
  const { url, size, validator } = entry;
  const whole = expectedSha256 === undefined ? undefined : new Sha256Stream();
  // How many chunks `whole` has seen: a load goes through the file once, in order, whatever it has kept before.
  let hashed = 0;

  /** Adds a chunk to the hash of the whole file and, at its end, compares it. */
  async function check(index: number, bytes: Uint8Array): Promise<void> {
    if (!whole || index !== hashed) return;
    whole.update(bytes);
    if (++hashed < entry.hashes.length) return;
    const found = whole.finish();
    if (found === expectedSha256) return;
    await removeEntry(cache, id).catch(() => {});
    throw new GptletError(
      'INTEGRITY',
      `${url} arrived damaged: its SHA-256 is ${found}, the server states ${expectedSha256}. What was kept of it has been removed; load the model again.`,
    );
  }

  /** The chunk from the cache; one that does not have its hash is as good as none. */
  async function kept(index: number): Promise<Uint8Array | undefined> {
    const hash = entry.hashes[index];
    if (hash === null) return undefined;
    try {
      const bytes = await cache.read(chunkName(id, index));
      if (bytes && (await sha256(bytes)) === hash) return bytes;
    } catch {
      // A store that fails is a store without the chunk.
    }
    entry.hashes[index] = null;
    return undefined;
  }

  /** Takes over what another tab has kept of the same version since. */
  async function refresh(): Promise<void> {
    const now = await readEntry(cache, id).catch(() => undefined);
    if (now?.validator !== validator || now.size !== size) return;
    for (const [index, hash] of now.hashes.entries()) entry.hashes[index] ??= hash;
  }

  async function connect(start: number, end: number, signal: AbortSignal | undefined): Promise<ByteReader> {
    const file = await open(signal);
    if (file?.size !== size || file.validator !== validator) {
      throw new GptletError('INTEGRITY', `${url} changed on the server while it was loading. Load the model again.`);
    }
    return new ByteReader(file.stream(start, end, signal), start, url);
  }

  return {
    location: url,
    size,
    validator,
    async *stream(start, end = size, signal) {
      const stop = Math.min(end, size);
      let release: (() => void) | undefined;
      let reader: ByteReader | undefined;
      let buffer: Uint8Array | undefined;
      try {
        for (let at = start; at < stop; ) {
          signal?.throwIfAborted();
          const index = Math.floor(at / chunkBytes);
          const chunkStart = index * chunkBytes;
          const chunkEnd = Math.min(chunkStart + chunkBytes, size);
          let bytes = await kept(index);
          if (!bytes && !release) {
            release = await acquireLock(id, signal);
            await refresh();
            bytes = await kept(index);
          }
          if (!bytes) {
            if (reader?.position !== chunkStart) {
              await reader?.close();
              reader = await connect(chunkStart, Math.min(size, Math.ceil(stop / chunkBytes) * chunkBytes), signal);
            }
            // One buffer for all downloaded chunks: fresh ones pile up faster than they are collected.
            buffer ??= new Uint8Array(Math.min(chunkBytes, size));
            bytes = buffer.subarray(0, chunkEnd - chunkStart);
            await reader.fill(bytes);
            await writer.keep(id, entry, index, bytes);
          }
          await check(index, bytes);
          yield bytes.subarray(at - chunkStart, Math.min(stop, chunkEnd) - chunkStart);
          at = chunkEnd;
        }
      } finally {
        release?.();
        await reader?.close();
      }
    },
  };
}

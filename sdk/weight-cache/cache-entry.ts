import { Sha256Stream } from './sha256-stream.ts';
import type { WeightCache } from './weight-cache.ts';

/** What is known of one downloaded file. Kept as JSON beside its chunks. */
export interface CacheEntry {
  readonly format: 1;
  /** The model's address, which its files share. */
  readonly model: string;
  readonly url: string;
  /** Bytes of the whole file; -1 records that the server has no such file. */
  readonly size: number;
  /** The server's ETag (or time of change) when the download began. */
  readonly validator: string;
  /** Hexadecimal SHA-256 by chunk, null for those not yet there. */
  readonly hashes: (string | null)[];
  /** Milliseconds since 1970. */
  lastUsed: number;
}

/** Bytes of a chunk: what one hash covers and what a cut costs at most. */
export const chunkBytes: number = 4 * 1024 * 1024;

/** A file's name in the cache. */
export async function entryId(url: string): Promise<string> {
  return (await sha256(new TextEncoder().encode(url))).slice(0, 32);
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    // A cache of the caller's own, on a page without https.
    const whole = new Sha256Stream();
    whole.update(bytes);
    return whole.finish();
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const manifestName = (id: string): string => `${id}.json`;
export const chunkName = (id: string, index: number): string => `${id}.${index}`;

/** Reads an entry; what is damaged or of another format counts as absent. */
export async function readEntry(cache: WeightCache, id: string): Promise<CacheEntry | undefined> {
  const bytes = await cache.read(manifestName(id));
  if (!bytes) return undefined;
  try {
    const entry = JSON.parse(new TextDecoder().decode(bytes)) as CacheEntry;
    const chunks = Math.max(0, Math.ceil(entry.size / chunkBytes));
    const sound =
      entry.format === 1 &&
      typeof entry.url === 'string' &&
      typeof entry.model === 'string' &&
      typeof entry.validator === 'string' &&
      Number.isSafeInteger(entry.size) &&
      Array.isArray(entry.hashes) &&
      entry.hashes.length === chunks &&
      entry.hashes.every((hash) => hash === null || typeof hash === 'string');
    return sound ? entry : undefined;
  } catch {
    return undefined;
  }
}

export async function writeEntry(cache: WeightCache, id: string, entry: CacheEntry): Promise<void> {
  await cache.write(manifestName(id), new TextEncoder().encode(JSON.stringify(entry)));
}

/** Whether every byte of the file is there (or it is known that there is none). */
export const isComplete = (entry: CacheEntry): boolean => !entry.hashes.includes(null);

/** Bytes that an entry's chunks take. */
export function keptBytes(entry: CacheEntry): number {
  return entry.hashes.reduce(
    (sum, hash, index) => sum + (hash === null ? 0 : Math.min(chunkBytes, entry.size - index * chunkBytes)),
    0,
  );
}

import { cacheApiCache } from './cache-api-cache.ts';
import { opfsCache } from './opfs-cache.ts';
import type { WeightCache } from './weight-cache.ts';

/** The best place for weights that a browser has. @returns undefined where nothing can be kept */
export async function openBrowserCache(): Promise<WeightCache | undefined> {
  // Without SubtleCrypto (a page without https) nothing could be checked when it is read back.
  if (!globalThis.crypto?.subtle) return undefined;
  return (await opfsCache()) ?? cacheApiCache();
}

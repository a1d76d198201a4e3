import type { WeightCache } from './weight-cache.ts';

// Keys must look like addresses; `.invalid` is reserved for names that lead nowhere (RFC 2606).
const keyBase = 'https://gptlet.invalid/';

/** A cache in the browser's Cache API. @returns undefined where there is none, or it is refused. */
export async function cacheApiCache(): Promise<WeightCache | undefined> {
  const cache = await openCache().catch(() => undefined);
  if (!cache) return undefined;
  return {
    async read(name) {
      const response = await cache.match(keyBase + name);
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async write(name, bytes) {
      await cache.put(keyBase + name, new Response(bytes as Uint8Array<ArrayBuffer>));
    },
    async remove(name) {
      await cache.delete(keyBase + name);
    },
    async names() {
      return (await cache.keys()).map(({ url }) => url.slice(keyBase.length));
    },
  };
}

/** In a frame without an origin Chromium throws at the mere name. */
async function openCache(): Promise<Cache | undefined> {
  return (globalThis as { caches?: CacheStorage }).caches?.open('gptlet');
}

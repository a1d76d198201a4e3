import type { WeightCache } from '../weight-cache.ts';

/** A cache that lasts as long as a test. */
export function memoryCache(): WeightCache {
  const pieces = new Map<string, Uint8Array>();
  return {
    read: async (name) => pieces.get(name)?.slice(),
    write: async (name, bytes) => void pieces.set(name, bytes.slice()),
    remove: async (name) => void pieces.delete(name),
    names: async () => [...pieces.keys()],
  };
}

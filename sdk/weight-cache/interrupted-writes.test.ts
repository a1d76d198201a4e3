// A store that fails, or a page that goes, amid any write: this load is right, and so is the next one.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FaultyServer, startFaultyServer } from '../checkpoint/testing/faulty-server.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { listCached, removeCached } from './open-weight-cache.ts';
import { largerFiles } from './testing/larger-files.ts';
import type { WeightCache } from './weight-cache.ts';

/** 10.5 MB: three chunks. */
const files = largerFiles(650_000);
const access = { retryDelayMs: 1, idleMs: 500, attempts: 2 };

async function digest(source: URL | typeof files, cache?: WeightCache): Promise<string> {
  const hash = createHash('sha256');
  for await (const { name, rowOffset, data } of (await openCheckpoint(source, { cache, access })).tensors())
    hash.update(`${name} ${rowOffset}`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

/** A store in memory; `before` is told of each write, by number, and what it throws is what the write does. */
function memoryStore(
  before: (write: number, name: string, bytes: Uint8Array, pieces: Map<string, Uint8Array>) => void,
) {
  const pieces = new Map<string, Uint8Array>();
  let writes = 0;
  const cache: WeightCache = {
    read: async (name) => pieces.get(name),
    async write(name, bytes) {
      before(++writes, name, bytes, pieces);
      pieces.set(name, bytes.slice());
    },
    remove: async (name) => void pieces.delete(name),
    names: async () => [...pieces.keys()],
  };
  return { cache, pieces, writes: () => writes };
}

const full = (): DOMException => new DOMException('quota exceeded', 'QuotaExceededError');
const weightsAsked = ({ requests }: FaultyServer): number[] =>
  requests
    .filter(({ path }) => path.endsWith('.safetensors'))
    .map(({ range }) => Number(/=(\d+)-/.exec(range ?? '')?.[1]));

describe('the weight cache', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('loads when the quota ends amid the weights, keeps what fitted, and asks for the rest once there is room', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    let quota = 9_000_000;
    const { cache } = memoryStore((_, name, bytes, pieces) => {
      const others = [...pieces].reduce((sum, [of, { length }]) => sum + (of === name ? 0 : length), 0);
      if (others + bytes.length > quota) throw full();
    });
    await using server = await startFaultyServer(files);
    const wanted = await digest(files);
    expect(await digest(server.url, cache)).toBe(wanted);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await listCached(cache)).toMatchObject([{ complete: false }]);
    quota = 20_000_000;
    server.requests.length = 0;
    expect(await digest(server.url, cache)).toBe(wanted);
    expect(weightsAsked(server)).toEqual([0, 8 << 20]);
    expect(await listCached(cache)).toMatchObject([{ complete: true }]);
  });

  it.each([
    ['fails', () => {}],
    [
      'leaves half a piece',
      (name: string, bytes: Uint8Array, pieces: Map<string, Uint8Array>) =>
        void pieces.set(name, bytes.slice(0, bytes.length >> 1)),
    ],
  ])('after any write that %s, and all after it, the next load is right and whole', async (_, halfway) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    await using server = await startFaultyServer(files);
    const wanted = await digest(files);
    const sound = memoryStore(() => {});
    await digest(server.url, sound.cache);
    expect(sound.writes()).toBeGreaterThan(6);
    for (let failsAt = 1; failsAt <= sound.writes(); failsAt++) {
      let broken = true;
      const store = memoryStore((write, name, bytes, pieces) => {
        if (!broken || write < failsAt) return;
        if (write === failsAt) halfway(name, bytes, pieces);
        throw full();
      });
      expect(await digest(server.url, store.cache), `write ${failsAt} fails`).toBe(wanted);
      broken = false;
      expect(await digest(server.url, store.cache), `after write ${failsAt}`).toBe(wanted);
      expect(await listCached(store.cache)).toMatchObject([{ complete: true }]);
    }
  });

  it('keeps weights in a store of the caller’s own without SubtleCrypto, as on a page without https', async () => {
    const { cache, pieces } = memoryStore(() => {});
    await using server = await startFaultyServer(files);
    const wanted = await digest(server.url, cache);
    const withSubtle = new Map(pieces);
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    expect(await digest(server.url, cache), 'kept with it, read without').toBe(wanted);
    await removeCached(server.url.href, cache);
    expect(pieces.size).toBe(0);
    expect(await digest(server.url, cache)).toBe(wanted);
    expect([...pieces.keys()].sort()).toEqual([...withSubtle.keys()].sort());
    server.requests.length = 0;
    expect(await digest(server.url, cache)).toBe(wanted);
    expect(new Set(server.requests.map(({ range }) => range))).toEqual(new Set(['bytes=0-63']));
  });
});

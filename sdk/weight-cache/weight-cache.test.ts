import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Fault, type SeenRequest, startFaultyServer } from '../checkpoint/testing/faulty-server.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { nodeCache } from './node-cache.ts';
import { listCached, openWeightCache, removeCached } from './open-weight-cache.ts';
import { faultRun } from './testing/fault-run.ts';
import { largerFiles } from './testing/larger-files.ts';
import type { WeightCache } from './weight-cache.ts';

const access = { retryDelayMs: 1, idleMs: 500, attempts: 3 };

/** Weights of 10.5 MB: three chunks of the cache. */
const files = (seed = 0): Record<string, Uint8Array<ArrayBuffer>> => largerFiles(650_000, seed);

async function digest(
  source: URL | Record<string, Uint8Array<ArrayBuffer>>,
  cache?: WeightCache,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const { name, rowOffset, data } of (await openCheckpoint(source, { cache, access, signal })).tensors({
    signal,
  })) {
    hash.update(`${name} ${rowOffset}`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

const bytesAsked = (requests: readonly SeenRequest[]): number[] =>
  requests
    .filter(({ path }) => path.endsWith('.safetensors'))
    .map(({ range }) => Number(/=(\d+)-/.exec(range ?? '')?.[1]));

describe('the weight cache', () => {
  let directory: string;
  let cache: WeightCache;
  let expected: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gptlet-cache-'));
    cache = await nodeCache(directory);
    expected ??= await digest(files());
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('serves the second load after asking only for versions, and the third without a server', async () => {
    const server = await startFaultyServer(files());
    expect(await digest(server.url, cache)).toBe(expected);
    server.requests.length = 0;
    expect(await digest(server.url, cache)).toBe(expected);
    expect(new Set(server.requests.map(({ range }) => range))).toEqual(new Set(['bytes=0-63']));
    await server[Symbol.asyncDispose]();
    expect(await digest(server.url, cache)).toBe(expected);
  });

  it('goes on after a broken load where the kept chunks end', async () => {
    const abort = new AbortController();
    await using server = await startFaultyServer(files(), ({ path, range }) =>
      // Cut and keep refusing behind 9 MB: the first two chunks arrive.
      path.endsWith('.safetensors') && !range?.startsWith('bytes=0-') && !abort.signal.aborted
        ? cutAt(range, 9_000_000)
        : undefined,
    );
    await expect(digest(server.url, cache)).rejects.toMatchObject({ code: 'NETWORK' });
    abort.abort();
    server.requests.length = 0;
    expect(await digest(server.url, cache)).toBe(expected);
    // The opening request for the file's beginning, and what was missing.
    expect(bytesAsked(server.requests)).toEqual([0, 8 << 20]);
  });

  it('reads a damaged or missing chunk again from the server', async () => {
    await using server = await startFaultyServer(files());
    await digest(server.url, cache);
    const chunks = (await readdir(directory)).filter((name) => /\.[12]$/.test(name)).sort();
    expect(chunks).toHaveLength(2);
    const bytes = await readFile(join(directory, chunks[0]));
    bytes[77] ^= 1;
    await writeFile(join(directory, chunks[0]), bytes);
    await rm(join(directory, chunks[1]));
    expect(await digest(server.url, cache)).toBe(expected);
    server.requests.length = 0;
    await digest(server.url, cache);
    expect(new Set(server.requests.map(({ range }) => range))).toEqual(new Set(['bytes=0-63']));
  });

  it('survives manifests that are damaged', async () => {
    await using server = await startFaultyServer(files());
    await digest(server.url, cache);
    const manifests = (await readdir(directory)).filter((name) => name.endsWith('.json'));
    for (const [index, name] of manifests.entries()) {
      const text = await readFile(join(directory, name), 'utf8');
      await writeFile(
        join(directory, name),
        [text.slice(0, 50), '{"format":1,"size":1e300,"hashes":[]}', text.replace('"format":1', '"format":9')][
          index % 3
        ],
      );
    }
    expect(await digest(server.url, cache)).toBe(expected);
  });

  it('notices that the file changed on the server', async () => {
    await using server = await startFaultyServer(files());
    await digest(server.url, cache);
    server.files = files(1);
    server.etag = '"second"';
    expect(await digest(server.url, cache)).toBe(await digest(files(1)));
    expect(await digest(server.url, cache)).not.toBe(expected);
  });

  it.each(['', ', also where AbortSignal.any and URL.canParse are missing'])(
    'compares a hub\u2019s file with the hash in the hub\u2019s list, and keeps nothing that differs%s',
    async (lacking) => {
      onTestFinished(() => void vi.restoreAllMocks());
      if (lacking) {
        vi.spyOn(AbortSignal, 'any').mockImplementation(() => expect.fail('AbortSignal.any is called'));
        vi.spyOn(URL, 'canParse').mockImplementation(() => expect.fail('URL.canParse is called'));
      }
      const sound = files();
      const list = [
        {
          type: 'file',
          path: 'model.safetensors',
          lfs: { oid: createHash('sha256').update(sound['model.safetensors']).digest('hex') },
        },
      ];
      await using hub = await startFaultyServer({ ...sound, main: new TextEncoder().encode(JSON.stringify(list)) });
      const options = { cache, access, hub: { endpoint: hub.url.href } };
      const load = async (): Promise<void> => {
        const { signal } = new AbortController();
        for await (const _ of (await openCheckpoint('owner/name', { ...options, signal })).tensors({ signal }));
      };
      hub.files['model.safetensors'] = files(1)['model.safetensors'];
      await expect(load()).rejects.toMatchObject({
        code: 'INTEGRITY',
        message: expect.stringContaining(list[0].lfs.oid),
      });
      expect(hub.requests.map(({ path }) => path)).toContain('/model/api/models/owner/name/tree/main');
      hub.files['model.safetensors'] = sound['model.safetensors'];
      await load();
      expect((await listCached(cache))[0].complete).toBe(true);
    },
  );

  it('keeps revisions apart, and asks nothing of a server about one that is a commit', async () => {
    await using hub = await startFaultyServer(files());
    const load = async (revision: string): Promise<void> => {
      const options = { cache, access, hub: { endpoint: hub.url.href } };
      for await (const _ of (await openCheckpoint(`owner/name@${revision}`, options)).tensors());
    };
    const commit = '0123456789abcdef0123456789abcdef01234567';
    for (const revision of ['v1', commit]) await load(revision);
    expect((await listCached(cache)).map(({ model }) => model.split('/').at(-2))).toEqual([commit, 'v1']);
    hub.requests.length = 0;
    await load(commit);
    expect(hub.requests).toEqual([]);
    await load('v1');
    expect(hub.requests.length).toBeGreaterThan(0);
  });

  it('never holds the token that opened a model', async () => {
    await using hub = await startFaultyServer(files());
    const options = { cache, access, hub: { endpoint: hub.url.href, token: 'hf_secret' } };
    for await (const _ of (await openCheckpoint('owner/name', options)).tensors());
    expect(new Set(hub.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer hf_secret']));
    const names = await readdir(directory);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect((await readFile(join(directory, name))).includes('hf_secret'), name).toBe(false);
  });

  it('makes room in a full store by removing the model used longest ago', async () => {
    await using server = await startFaultyServer(files());
    const held = new Map<string, number>();
    const full: WeightCache = {
      ...cache,
      async write(name, bytes) {
        const others = [...held].reduce((sum, [of, length]) => sum + (of === name ? 0 : length), 0);
        if (others + bytes.length > 25_000_000) throw new DOMException('quota exceeded', 'QuotaExceededError');
        await cache.write(name, bytes);
        held.set(name, bytes.length);
      },
      async remove(name) {
        await cache.remove(name);
        held.delete(name);
      },
    };
    for (const name of ['a', 'b', 'c']) expect(await digest(new URL(`/${name}/`, server.url), full)).toBe(expected);
    const kept = await listCached(full);
    expect(kept.map(({ model, complete }) => [new URL(model).pathname, complete])).toEqual([
      ['/c/', true],
      ['/b/', true],
    ]);
  });

  it('lies under Node in $XDG_CACHE_HOME, else in ~/.cache', async () => {
    await using server = await startFaultyServer(files());
    const before = { ...process.env };
    try {
      for (const [name, value, place] of [
        ['XDG_CACHE_HOME', join(directory, 'xdg'), join(directory, 'xdg', 'gptlet')],
        ['HOME', join(directory, 'home'), join(directory, 'home', '.cache', 'gptlet')],
      ]) {
        process.env['XDG_CACHE_HOME'] = '';
        process.env[name] = value;
        const checkpoint = await openCheckpoint(server.url, { cache: true, access });
        for await (const _ of checkpoint.tensors());
        expect((await listCached())[0]).toMatchObject({ model: server.url.href, complete: true });
        const pieces = await readdir(place);
        expect(pieces.length).toBeGreaterThan(3);
        // Others on the machine are not to read what somebody's token opened.
        for (const piece of pieces) expect((await stat(join(place, piece))).mode & 0o077).toBe(0);
      }
    } finally {
      process.env = before;
    }
  });

  it('shares one download between loads at the same time', async () => {
    await using server = await startFaultyServer(files());
    const digests = await Promise.all([
      digest(server.url, cache),
      digest(server.url, cache),
      digest(server.url, cache),
    ]);
    expect(new Set(digests)).toEqual(new Set([expected]));
    // Each opens the file; one reads the rest of the first chunk for its header, then one the rest of the file.
    expect(bytesAsked(server.requests).filter((start) => start > 0)).toEqual([256 << 10, 4 << 20]);
  });

  it('lists and removes what it holds', async () => {
    await using server = await startFaultyServer(files());
    await digest(server.url, cache);
    const [model, ...others] = await listCached(cache);
    expect(others).toEqual([]);
    expect(model).toMatchObject({ model: server.url.href, complete: true });
    expect(model.files.map(({ name }) => name).sort()).toEqual(['config.json', 'model.safetensors']);
    expect(model.bytes).toBe(Object.values(files()).reduce((sum, { length }) => sum + length, 0));
    await removeCached(server.url.href, cache);
    expect(await listCached(cache)).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });

  it('removes a hub model by its id, in one revision or in all, and no other', async () => {
    await using hub = await startFaultyServer(files());
    const ids = ['owner/name', 'owner/name@v1', 'other/name'];
    for (const id of ids) {
      const options = { cache, access, hub: { endpoint: hub.url.href } };
      for await (const _ of (await openCheckpoint(id, options)).tensors());
    }
    const left = async () =>
      (await listCached(cache)).map(({ model }) => model.split('/').slice(-5, -1).join('/')).sort();
    const all = ['other/name/resolve/main', 'owner/name/resolve/main', 'owner/name/resolve/v1'];
    await removeCached('name', cache);
    expect(await left()).toEqual(all);
    await removeCached('owner/name@v1', cache);
    expect(await left()).toEqual(all.slice(0, 2));
    await removeCached('owner/name', cache);
    expect(await left()).toEqual(all.slice(0, 1));
  });

  it('refuses a budget that is none', async () => {
    for (const budgetBytes of [-1, Number.NaN])
      await expect(openWeightCache({ budgetBytes })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('keeps within its budget by removing the model used longest ago', async () => {
    await using server = await startFaultyServer(files());
    const small: WeightCache = { ...cache, budgetBytes: 25_000_000 };
    const address = (name: string): URL => new URL(`/${name}/`, server.url);
    for (const name of ['a', 'b', 'a', 'c']) {
      expect(await digest(address(name), small)).toBe(expected);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await listCached(small)).map(({ model }) => new URL(model).pathname)).toEqual(['/c/', '/a/']);
  });

  it.each([
    ['a full disk', () => Object.assign(new Error('no space left'), { code: 'ENOSPC' })],
    ['a quota', () => new DOMException('quota exceeded', 'QuotaExceededError')],
    ['any failure to write', () => new Error('it broke')],
  ])('loads without keeping anything, and says so once, after %s', async (_, error) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await using server = await startFaultyServer(files());
    const full: WeightCache = { ...cache, write: () => Promise.reject(error()) };
    expect(await digest(server.url, full)).toBe(expected);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/is not kept for the next load: .*loaded all the same/)]]);
    warn.mockRestore();
  });

  it('loads when the store cannot be read, or lies about what it holds', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await using server = await startFaultyServer(files());
    const unreadable: WeightCache = {
      ...cache,
      read: () => Promise.reject(new Error('gone')),
      names: () => Promise.reject(new Error('gone')),
    };
    expect(await digest(server.url, unreadable)).toBe(expected);
    const forgetful: WeightCache = { ...cache, write: async () => {} };
    expect(await digest(server.url, forgetful)).toBe(expected);
    warn.mockRestore();
  });

  it('never keeps what a server sends without a sign of its version', async () => {
    await using server = await startFaultyServer(files());
    server.etag = '';
    expect(await digest(server.url, cache)).toBe(expected);
    expect((await listCached(cache)).flatMap(({ files: kept }) => kept)).toEqual([]);
  });
});

// The long run is `node bench/load/faults.mjs`.
it('never gives wrong weights nor keeps a corrupt cache, whatever a server does', async () => {
  const report = await faultRun([largerFiles(300_000), largerFiles(300_000, 1)], 6, 1);
  expect(report.loads).toBe(36);
  expect(report.faults).toBeGreaterThan(60);
  expect(report.survived).toBeGreaterThan(10);
});

function cutAt(range: string | undefined, position: number): Fault {
  const start = Number(/=(\d+)-/.exec(range ?? '')?.[1]);
  return start < position ? { kind: 'cut', after: position - start } : { kind: 'status', status: 503 };
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { memoryCache } from '../../weight-cache/testing/memory-cache.ts';
import { collectTensors } from '../testing/collect-tensors.ts';
import { startFaultyServer } from '../testing/faulty-server.ts';
import { tinyGguf, tinyMetadata, tinyTensors } from '../testing/tiny-gguf.ts';
import { writeGguf } from '../testing/write-gguf.ts';

const access = { retryDelayMs: 1, idleMs: 500, attempts: 2 };
const file = tinyGguf();
const expected = await collectTensors(await openCheckpoint({ 'tiny.gguf': file }));

/** The tiny model in three files, as llama.cpp splits them: all metadata in the first. */
function splitFiles(): Record<string, Uint8Array<ArrayBuffer>> {
  const tensors = tinyTensors();
  const split = (no: number, from: number, to?: number): Uint8Array<ArrayBuffer> =>
    writeGguf({ ...(no === 0 ? tinyMetadata() : {}), 'split.no': no, 'split.count': 3 }, tensors.slice(from, to));
  return {
    'm-00001-of-00003.gguf': split(0, 0, 9),
    'm-00002-of-00003.gguf': split(1, 9, 17),
    'm-00003-of-00003.gguf': split(2, 17),
  };
}

describe('a GGUF file is found', () => {
  it('by its path in Node, and by its file: address', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'gptlet-gguf-')), 'tiny model.gguf');
    writeFileSync(path, file);
    expect(await collectTensors(await openCheckpoint(path))).toEqual(expected);
    expect(await collectTensors(await openCheckpoint(pathToFileURL(path)))).toEqual(expected);
    await expect(openCheckpoint(path.replace('tiny', 'other'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('among files that were dropped, by whatever name', async () => {
    expect(await collectTensors(await openCheckpoint({ 'my models/a.Q8_0.gguf': new Blob([file]) }))).toEqual(expected);
  });

  it('by its address, of which the query stays', async () => {
    await using server = await startFaultyServer({ 'tiny.gguf': file });
    const checkpoint = await openCheckpoint(new URL('tiny.gguf?signed=1', server.url), { access });
    expect(await collectTensors(checkpoint)).toEqual(expected);
    expect(checkpoint.totalBytes).toBe(file.length);
  });

  it.each([
    ['owner/name/tiny.gguf', '/model/owner/name/resolve/main/tiny.gguf'],
    ['owner/name@v1.0/some/folder/tiny.gguf', '/model/owner/name/resolve/v1.0/some/folder/tiny.gguf'],
    ['owner/name@refs/pr/1/tiny.gguf', '/model/owner/name/resolve/refs%2Fpr%2F1/tiny.gguf'],
  ])('by its hub id: %s', async (source, path) => {
    await using hub = await startFaultyServer({ 'tiny.gguf': file });
    const checkpoint = await openCheckpoint(source, { access, hub: { endpoint: hub.url.href } });
    expect(await collectTensors(checkpoint)).toEqual(expected);
    expect(hub.requests.map((request) => request.path)).toContain(path);
  });

  it("by what it is quantised to, from the hub's list", async () => {
    const list = ['README.md', 'mmproj-Q4_K_M.gguf', 'tiny-Q4_K_S.gguf', 'deep/tiny-q4_k_m.gguf', 'tiny.Q8_0.gguf'];
    const main = new TextEncoder().encode(JSON.stringify(list.map((path) => ({ type: 'file', path }))));
    await using hub = await startFaultyServer({ main, 'tiny-q4_k_m.gguf': file });
    const options = { access, hub: { endpoint: hub.url.href } };
    expect(await collectTensors(await openCheckpoint('owner/name:Q4_K_M', options))).toEqual(expected);
    expect(hub.requests.map(({ path }) => path)).toContain('/model/owner/name/resolve/main/deep/tiny-q4_k_m.gguf');
    await expect(openCheckpoint('owner/name:Q5_K_M', options)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(
        /no GGUF file of the kind Q5_K_M; there are deep\/tiny-q4_k_m\.gguf, tiny-Q4_K_S\.gguf/,
      ),
    });
  });
});

describe('a split GGUF file', () => {
  it('is read as one, from its first part on', async () => {
    const checkpoint = await openCheckpoint(splitFiles());
    expect(await collectTensors(checkpoint)).toEqual(expected);
    expect(checkpoint.totalBytes).toBe(Object.values(splitFiles()).reduce((sum, { length }) => sum + length, 0));
  });

  it('is refused where it begins with another part, or one is missing', async () => {
    const { 'm-00001-of-00003.gguf': first, 'm-00003-of-00003.gguf': third } = splitFiles();
    await expect(openCheckpoint({ 'm-00001-of-00003.gguf': first })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('m-00002-of-00003.gguf'),
    });
    await expect(openCheckpoint({ 'm-00003-of-00003.gguf': third })).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining("-00001-of-00003.gguf'"),
    });
  });
});

describe('a GGUF file on a server', () => {
  it('is kept in a cache, and comes from there', async () => {
    const cache = memoryCache();
    await using server = await startFaultyServer({ 'tiny.gguf': file });
    const load = async () => collectTensors(await openCheckpoint(new URL('tiny.gguf', server.url), { access, cache }));
    expect(await load()).toEqual(expected);
    const before = server.requests.length;
    expect(await load()).toEqual(expected);
    // One small request tells whether it is still the same.
    expect(server.requests.slice(before)).toMatchObject([{ range: 'bytes=0-63' }]);
  });

  it('reports its bytes, up to all of them', async () => {
    const checkpoint = await openCheckpoint({ 'tiny.gguf': file });
    const seen: [string, number][] = [];
    for await (const _ of checkpoint.tensors({ onBytes: (name, bytes) => seen.push([name, bytes]) }));
    expect(seen.at(-1)).toEqual(['tiny.gguf', file.length]);
  });
});

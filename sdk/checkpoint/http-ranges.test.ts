import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { largerFiles } from '../weight-cache/testing/larger-files.ts';
import { collectTensors } from './testing/collect-tensors.ts';
import { type Fault, type SeenRequest, startFaultyServer } from './testing/faulty-server.ts';

const rangeBytes = 40_001;
const access = { retryDelayMs: 1, idleMs: 200, attempts: 4, rangeBytes, rangesBelow: Number.POSITIVE_INFINITY };
/** 700 kB, of which the first request brings 256 kB: a dozen ranges are left. */
const files = largerFiles(40_000);
const prefix = 256 << 10;

const firstByte = ({ range }: SeenRequest): number => Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? -1);
const isRange = (request: SeenRequest): boolean => firstByte(request) >= prefix;

describe('a large file in several ranges', () => {
  it.each<[string, (request: SeenRequest, count: number) => Fault | undefined]>([
    ['is faultless', () => undefined],
    ['cuts every answer', () => ({ kind: 'cut', after: 30_000 })],
    ['sends less than there is', () => ({ kind: 'short', bytes: 39_000 })],
    ['refuses every other request', (_, count) => (count % 2 ? { kind: 'status', status: 429 } : undefined)],
    [
      'fails at two ranges of three',
      (request) => (firstByte(request) % 3 ? { kind: 'status', status: 503 } : undefined),
    ],
    ['forgets ranges half way', (request) => (firstByte(request) > 400_000 ? { kind: 'no-range' } : undefined)],
    ['goes silent in every other', (_, count) => (count % 2 ? { kind: 'stall', after: 1000 } : undefined)],
    ['redirects', () => ({ kind: 'redirect' })],
    ['drips', () => ({ kind: 'drip' })],
  ])('comes whole and in order, its progress never falling, from a server that %s', async (_, fault) => {
    const expected = await collectTensors(await openCheckpoint(files));
    // Ranges ahead are tried once each: a request that failed comes again as another one.
    const tried = new Set<string>();
    await using server = await startFaultyServer(files, (request, count) => {
      const again = tried.has(`${request.range}`);
      tried.add(`${request.range}`);
      return isRange(request) && !again ? fault(request, count) : undefined;
    });
    const checkpoint = await openCheckpoint(server.url, { access });
    const progress: number[] = [];
    const tensors = new Map<string, number>();
    for await (const { name, data } of checkpoint.tensors({ onBytes: (_file, bytes) => progress.push(bytes) })) {
      tensors.set(name, (tensors.get(name) ?? 0) + data.reduce((sum, value) => sum + value, 0));
    }
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(await collectTensors(checkpoint)).toEqual(expected);
    for (const [name, values] of expected) {
      expect(tensors.get(name)).toBe(Float32Array.from(values).reduce((sum, value) => sum + value, 0));
    }
  });

  it('has four on their way and no more, and gives all of them up when aborted', async () => {
    await using server = await startFaultyServer(files, (request) =>
      isRange(request) ? { kind: 'stall', after: 10 } : undefined,
    );
    const checkpoint = await openCheckpoint(server.url, { access: { ...access, idleMs: 60_000 } });
    const abort = new AbortController();
    const loading = collectTensors(checkpoint, abort.signal);
    loading.catch(() => {});
    await expect.poll(() => server.requests.filter(isRange).length, { timeout: 10_000 }).toBe(4);
    // Long enough for a fifth.
    await new Promise((resolve) => setTimeout(resolve, 200));
    abort.abort();
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    const starts = server.requests.filter(isRange).map(firstByte);
    expect(starts.sort((a, b) => a - b)).toEqual([0, 1, 2, 3].map((i) => prefix + i * rangeBytes));
    await expect.poll(() => server.abandoned).toBe(4);
  });

  it('notices a file that changes between two ranges', async () => {
    await using server = await startFaultyServer(files, (request) => {
      if (firstByte(request) > 500_000) server.etag = '"second"';
      return undefined;
    });
    const checkpoint = await openCheckpoint(server.url, { access });
    await expect(collectTensors(checkpoint)).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringMatching(/"second".*"first"/),
    });
  });

  it('stops at a range that the server refuses for good', async () => {
    await using server = await startFaultyServer(files, (request) =>
      firstByte(request) > 500_000 ? { kind: 'status', status: 403 } : undefined,
    );
    const checkpoint = await openCheckpoint(server.url, { access });
    await expect(collectTensors(checkpoint)).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('is one request where that is fast, and several where it is slow', async () => {
    const expected = await collectTensors(await openCheckpoint(files));
    const requests = async (rangesBelow: number): Promise<number> => {
      await using server = await startFaultyServer(files);
      const options = { access: { ...access, rangeBytes: 150_000, rangesBelow } };
      expect(await collectTensors(await openCheckpoint(server.url, options))).toEqual(expected);
      return server.requests.filter(isRange).length;
    };
    expect(await requests(1)).toBe(1);
    expect(await requests(1e15)).toBeGreaterThan(1);
  });

  it('is one request where the server sends all or the file is small', async () => {
    await using whole = await startFaultyServer(files, () => ({ kind: 'no-range' }));
    await collectTensors(await openCheckpoint(whole.url, { access }));
    await using ranged = await startFaultyServer(files);
    await collectTensors(await openCheckpoint(ranged.url, { access: { ...access, rangeBytes: 300_000 } }));
    for (const { requests } of [whole, ranged]) {
      expect(requests.filter((request) => request.path.endsWith('.safetensors')).length).toBe(2);
    }
  });
});

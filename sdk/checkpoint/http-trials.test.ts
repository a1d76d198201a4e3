import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadHere } from '../loading/load-here.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { largerFiles } from '../weight-cache/testing/larger-files.ts';
import { digestTensors } from './testing/collect-tensors.ts';
import { type Fault, type SeenRequest, startFaultyServer } from './testing/faulty-server.ts';

const access = { retryDelayMs: 1, idleMs: 300, attempts: 3 };
const isWeights = ({ path }: SeenRequest): boolean => path.endsWith('/model.safetensors');
const isFirst = ({ range }: SeenRequest): boolean => range?.startsWith('bytes=0-') ?? true;

/** Weights of 320 kB, of which the first request brings 256 kB. */
const files = largerFiles(20_000);
const weights = files['model.safetensors'];

/** Places of every kind in a safetensors file: in the length, in the header, between tensors, in one, at the end. */
function places(): number[] {
  const dataStart = 8 + Number(new DataView(weights.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(weights.subarray(8, dataStart)));
  const ends = Object.values(header as Record<string, { data_offsets: [number, number] }>).map(
    ({ data_offsets: [, end] }) => dataStart + end,
  );
  const near = [0, 8, dataStart, ends[0], ends[1], ends[12], weights.length].flatMap((at) => [at - 1, at, at + 1]);
  return near.filter((at) => at >= 0 && at < weights.length).concat(Math.floor(dataStart / 2));
}

describe('a download that is cut', () => {
  it.each(places())('once, at byte %i, goes on from there', async (place) => {
    const expected = await digestTensors(await openCheckpoint(files));
    const cut = new Set<string>();
    await using server = await startFaultyServer(files, (request) => {
      const start = Number(/\d+/.exec(request.range ?? '')?.[0] ?? 0);
      if (!isWeights(request) || start > place || cut.has(`${request.range}`)) return undefined;
      cut.add(`${request.range}`);
      return { kind: 'cut', after: place - start };
    });
    expect(await digestTensors(await openCheckpoint(server.url, { access }))).toEqual(expected);
    expect(cut.size).toBeGreaterThan(0);
  });

  it.each(places())('for good, at byte %i, is an error that names the file, however it comes', async (place) => {
    const short = { ...files, 'model.safetensors': weights.slice(0, place) };
    const load = async (source: URL | typeof short) => digestTensors(await openCheckpoint(source, { access }));
    const message = expect.stringContaining('model.safetensors');
    await expect(load(short)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT', message });
    for (const fault of [undefined, { kind: 'no-range' }, { kind: 'chunked' }] as const) {
      await using server = await startFaultyServer(short, () => fault);
      const code = expect.stringMatching(/^(BAD_CHECKPOINT|NETWORK)$/);
      await expect(load(server.url), JSON.stringify(fault)).rejects.toMatchObject({ code, message });
    }
  });

  it.each(['tokenizer.json', 'generation_config.json', 'model.safetensors'])(
    'by a network that goes away after config.json is NETWORK, by the name of what did not come, %s',
    async (name) => {
      await using server = await startFaultyServer({ [name]: new Uint8Array(300), ...files }, ({ path }) =>
        path.endsWith(`/${name}`) ? { kind: 'cut', after: 0 } : undefined,
      );
      await expect(openCheckpoint(server.url, { access })).rejects.toMatchObject({
        code: 'NETWORK',
        message: expect.stringContaining(`/${name} cannot be read`),
      });
    },
  );
});

describe('a load is right, and its progress never falls nor exceeds 1, from a server that', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it.each<[string, Fault, string[]]>([
    ['compresses by gzip', { kind: 'encoded', encoding: 'gzip' }, []],
    ['compresses by brotli', { kind: 'encoded', encoding: 'br' }, []],
    [
      'compresses and, being of another origin, does not say so',
      { kind: 'encoded', encoding: 'gzip' },
      ['Content-Encoding', 'ETag'],
    ],
    ['compresses what Chromium then takes for an error', { kind: 'encoded', encoding: 'gzip' }, ['refused']],
    ['sends ranges of what it compressed', { kind: 'range-of-encoded' }, []],
    ['compresses ranges', { kind: 'encoded-range' }, []],
    ['compresses ranges and does not say so', { kind: 'encoded-range' }, ['Content-Encoding', 'Content-Range', 'ETag']],
    ['answers ranges with all', { kind: 'no-range' }, []],
    ['hides which range it sends', { kind: 'content-range', value: undefined }, []],
    ['sends ranges of something else', { kind: 'content-range', value: 'lines 3-4/5' }, []],
    ['sends less of every range', { kind: 'few', bytes: 60_001 }, []],
  ])('%s', async (_, fault, hidden) => {
    const expected = await digestTensors(await openCheckpoint(files));
    const { fetch } = globalThis;
    if (hidden.length > 0) {
      vi.stubGlobal('fetch', async (...of: Parameters<typeof fetch>) => {
        const { body, status, headers } = await fetch(...of);
        const hasRange = 'Range' in ((of[1]?.headers ?? {}) as object);
        if (hidden.includes('refused') && hasRange && headers.has('Content-Encoding'))
          throw new TypeError('Failed to fetch');
        const shown = new Headers(headers);
        for (const name of hidden) shown.delete(name);
        return Object.defineProperty(new Response(body, { status, headers: shown }), 'type', { value: 'cors' });
      });
    }
    // A server compresses always or never.
    const later = fault.kind.includes('encoded') ? [] : [(request: SeenRequest) => !isFirst(request)];
    for (const spoils of [() => true, isWeights, ...later]) {
      await using server = await startFaultyServer(files, (request) => (spoils(request) ? fault : undefined));
      const checkpoint = await openCheckpoint(server.url, { access });
      expect(checkpoint.totalBytes).toBe(weights.length);
      expect(await digestTensors(checkpoint)).toEqual(expected);
      const fractions: number[] = [];
      const model = await loadHere(server.url, {
        ...resolveLoadOptions({
          backend: 'wasm',
          cache: false,
          onProgress: ({ fraction }) => fractions.push(fraction),
        }),
      });
      await model.dispose();
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.at(-1)).toBe(1);
      expect(fractions.filter((fraction) => fraction > 0 && fraction < 0.99).length).toBeGreaterThan(3);
    }
  });
});

describe('an answer that is at odds with what was asked for ends in an error:', () => {
  const size = weights.length;
  it.each<[string, Fault, string]>([
    ['another range, from before', { kind: 'content-range', value: `bytes 100-262143/${size}` }, 'NETWORK'],
    ['another range, from behind', { kind: 'content-range', value: `bytes 300000-310000/${size}` }, 'NETWORK'],
    ['a file of another size', { kind: 'content-range', value: `bytes 262144-524287/${size + 1}` }, 'INTEGRITY'],
    ['a range of the compressed file', { kind: 'range-of-encoded' }, 'INTEGRITY'],
    ['nothing', { kind: 'few', bytes: 0 }, 'NETWORK'],
  ])('%s', async (_, fault, code) => {
    await using server = await startFaultyServer(files, (request) =>
      isWeights(request) && !isFirst(request) ? fault : undefined,
    );
    const checkpoint = await openCheckpoint(server.url, { access });
    await expect(digestTensors(checkpoint)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('model.safetensors'),
    });
  });

  it.each<[string, Fault]>([
    ['another range', { kind: 'content-range', value: `bytes 5-262143/${size}` }],
    ['a file that is shorter than its header says', { kind: 'content-range', value: 'bytes 0-262143/310000' }],
    ['a file that is longer', { kind: 'content-range', value: 'bytes 0-262143/700000' }],
    ['a body that is shorter than the file, with status 200', { kind: 'short', bytes: 270_000, status: 200 }],
    ['a body that is shorter than it is said to be, with status 200', { kind: 'cut', after: 270_000, status: 200 }],
  ])('%s, from the first request on', async (_, fault) => {
    await using server = await startFaultyServer(files, (request) => (isWeights(request) ? fault : undefined));
    const load = async () => digestTensors(await openCheckpoint(server.url, { access }));
    await expect(load()).rejects.toMatchObject({
      code: expect.stringMatching(/^(BAD_CHECKPOINT|NETWORK)$/),
      message: expect.stringContaining('model.safetensors'),
    });
  });

  it('a body that is cut once, with status 200, goes on from there', async () => {
    let cuts = 0;
    await using server = await startFaultyServer(files, (request) =>
      isWeights(request)
        ? cuts++ % 2
          ? { kind: 'no-range' }
          : { kind: 'cut', after: 290_000, status: 200 }
        : undefined,
    );
    const expected = await digestTensors(await openCheckpoint(files));
    expect(await digestTensors(await openCheckpoint(server.url, { access }))).toEqual(expected);
    expect(cuts).toBeGreaterThan(1);
  });
});

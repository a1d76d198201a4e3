import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFaultyServer } from '../checkpoint/testing/faulty-server.ts';
import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';
import { completion, startScriptedServer } from '../remote/testing/scripted-server.ts';
import { largerFiles } from '../weight-cache/testing/larger-files.ts';
import { connect } from './connect.ts';
import * as defaults from './default-model.ts';
import type { FallbackOptions } from './fallback-options.ts';
import { loadClassifier } from './load-classifier.ts';
import * as loading from './load-gpt-model.ts';
import { loadModel } from './load-model.ts';

const here = { worker: false, backend: 'wasm', cache: false } as const;
/** Weights of 3.2 MB, of which the first request brings 256 kB. */
const files = largerFiles(200_000);
/** Bytes of the machine in which they do not fit, as `navigator.deviceMemory` has them. */
const tiny = 1e4 / 2 ** 30;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Loads with a fallback; tells where it came to run, and what was asked of either server. */
async function choose(options: FallbackOptions, memory?: number) {
  await using source = await startFaultyServer(files);
  await using cluster = await startScriptedServer([{ events: completion(['there']) }]);
  if (memory !== undefined) vi.stubGlobal('navigator', { deviceMemory: memory });
  const fallback = connect({ baseURL: cluster.url, model: 'x' });
  await using model = await loadModel(source.url, { ...here, fallback, ...options });
  const sent = cluster.requests.length;
  const ranges = source.requests.filter(({ path }) => path.endsWith('/model.safetensors')).map(({ range }) => range);
  const { text } = await model.generate([1], { maxNewTokens: 1 });
  return { place: model.place, sent, isDownloaded: ranges.some((range) => !range?.startsWith('bytes=0-')), text };
}

describe('loadModel with a fallback', () => {
  it('loads what runs here, and sends nothing', async () => {
    expect(await choose({})).toEqual({ place: 'here', sent: 0, isDownloaded: true, text: '' });
  });

  it('gives the fallback where the machine is too small, before anything is downloaded', async () => {
    expect(await choose({}, tiny)).toEqual({ place: 'server', sent: 0, isDownloaded: false, text: 'there' });
  });

  it.each([true, false])('asks a function what it makes of the machine: %s', async (chosen) => {
    const when = vi.fn(async () => chosen);
    const place = chosen ? 'server' : 'here';
    expect(await choose({ when })).toMatchObject({ place, sent: 0, isDownloaded: !chosen });
    expect(when).toHaveBeenCalledExactlyOnceWith({
      canRun: expect.objectContaining({
        runs: true,
        downloadBytes: files['model.safetensors'].length,
        backend: 'wasm',
      }),
      capabilities: expect.objectContaining({ wasm: expect.objectContaining({ available: true }) }),
    });
  });

  it.each<[number, string]>([
    [1e9, 'server'],
    [1e-3, 'here'],
  ])('measures where it is told to: below %d tokens a second it is the %s', async (tokensPerSecondBelow, place) => {
    expect(await choose({ when: { tokensPerSecondBelow } })).toMatchObject({ place, sent: 0, isDownloaded: true });
    expect(await choose({ when: { tokensPerSecondBelow } }, tiny)).toMatchObject({
      place: 'server',
      isDownloaded: false,
    });
  });

  it.each<[GptletErrorCode, boolean]>([
    ['OUT_OF_MEMORY', true],
    ['UNSUPPORTED_PLATFORM', true],
    ['NETWORK', false],
    ['INTEGRITY', false],
  ])('that ends a load with %s: the fallback serves is %s', async (code, serves) => {
    vi.spyOn(loading, 'loadGptModel').mockRejectedValue(new GptletError(code, 'no'));
    const choice = choose({});
    if (serves) expect(await choice).toMatchObject({ place: 'server' });
    else await expect(choice).rejects.toMatchObject({ code });
    // Whoever decided that it runs here hears that it does not.
    await expect(choose({ when: () => false })).rejects.toMatchObject({ code });
  });

  it('takes the embedded model for one that runs', async () => {
    vi.spyOn(defaults, 'withDefaultModel').mockImplementation((load) => load('models/default'));
    const fallback = connect({ baseURL: 'http://127.0.0.1:9/v1', model: 'x' });
    const seen: unknown[] = [];
    const when: FallbackOptions['when'] = ({ canRun }) => seen.push(canRun) > 0;
    expect((await loadModel(undefined, { ...here, fallback, when })).place).toBe('server');
    expect(seen).toMatchObject([{ runs: true }]);
  });

  it('gives what is missing as an error, not the fallback', async () => {
    const fallback = connect({ baseURL: 'http://127.0.0.1:9/v1', model: 'x' });
    await expect(loadModel('./fixtures/none', { ...here, fallback })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  it.each<[object, RegExp]>([
    [{ when: () => true }, /give 'fallback' as well/],
    [{ fallback: {} }, /^fallback is \[object Object\]; it must be what connect\(\) gives/],
    [{ fallback: { place: 'server' } }, /^fallback is \[object Object\]; it must be what connect\(\) gives/],
    [{ fallback: {}, when: 5 }, /^when is 5; it must be a function, or an object with/],
    [{ fallback: {}, when: {} }, /^when.tokensPerSecondBelow is undefined/],
  ])('refuses %o', async (options, message) => {
    await expect(loadModel('x', options as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  it('is no classifier', async () => {
    await expect(loadClassifier('x', { fallback: {} } as never)).rejects.toThrow("There is no option 'fallback'");
  });
});

import { describe, expect, it } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadOptions } from '../options/table.ts';
import { createTokenizer } from '../tokenizer.ts';
import { listCached, openWeightCache, removeCached } from '../weight-cache/open-weight-cache.ts';
import { generate } from './generate.ts';
import { loadModel } from './load-model.ts';

// What TypeScript would not let through, before there is a model.

const given = (value: unknown): never => value as never;
const ring: Record<string, unknown> = {};
ring.ring = ring;

describe('before a model', () => {
  it.each<[string, RegExp, () => unknown]>([
    ['generate with null', /options is null/, () => generate('x', given(null))],
    ['generate with a text', /options is 'x'/, () => generate('x', given('x'))],
    [
      'generate with a backend of its own',
      /backend is 'cuda'; .*'webgpu'/,
      () => generate('x', given({ backend: 'cuda' })),
    ],
    ['generate with what no JSON holds', /dtype is 10/, () => generate('x', given({ dtype: 10n }))],
    ['generate with a ring', /dtype is \[object Object\]/, () => generate('x', given({ dtype: ring }))],
    ['generate with a signal that is none', /signal is NaN/, () => generate('x', given({ signal: NaN }))],
    ['loadModel with null', /options is null/, () => loadModel('x', given(null))],
    ['loadModel with an unknown option', /'device'; there are .*dtype/, () => loadModel('x', given({ device: 'gpu' }))],
    ['loadModel with half a thread', /threads is 0.5/, () => loadModel('x', { threads: 0.5 })],
    ['loadModel with a cache that is none', /cache is \[object Object\]/, () => loadModel('x', given({ cache: {} }))],
    ['loadModel with a text for a hub', /hub is 'x'/, () => loadModel('x', given({ hub: 'x' }))],
    [
      'loadModel with a token that is none, which it does not show',
      /^(?!.*secret)hub\.token is not a token/,
      () => loadModel('x/y', given({ hub: { token: ['hf_secret'] }, worker: false })),
    ],
    ['loadModel with a cache that lists nothing', /cache is/, () => listCached(given({ read() {} }))],
    ['loadModel with an unknown option of hub', /'url'/, () => loadModel('x', given({ hub: { url: 'x' } }))],
    [
      'loadModel with a worker that is none',
      /worker is \[object Object\]/,
      () => loadModel('x', given({ worker: {} })),
    ],
    [
      'loadModel with the address of a worker',
      /worker is 'worker.js'/,
      () => loadModel('x', given({ worker: 'worker.js' })),
    ],
    ['loadModel with a function that makes none', /worker is 1/, () => loadModel('x', { worker: () => given(1) })],
    ['loadModel with progress that is no function', /onProgress is 3/, () => loadModel('x', given({ onProgress: 3 }))],
    ['openWeightCache with null', /options is null/, () => openWeightCache(given(null))],
    [
      'openWeightCache with a budget that is none',
      /budgetBytes is '1'/,
      () => openWeightCache(given({ budgetBytes: '1' })),
    ],
    ['openWeightCache with an unknown option', /'budget'/, () => openWeightCache(given({ budget: 1 }))],
    ['listCached with a cache that is none', /cache is 3/, () => listCached(given(3))],
    ['removeCached with null, which is not everything', /model is null/, () => removeCached(given(null))],
    ['createTokenizer with what no JSON holds', /10/, () => createTokenizer(given(10n))],
    ['createTokenizer with a ring', /object/, () => createTokenizer({ 'tokenizer.json': given(ring) })],
  ])('refuses %s', async (_, message, call) => {
    await expect((async () => call())()).rejects.toMatchObject({
      name: 'GptletError',
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });
});

it('takes null for what is not given, before a model and while it loads', () => {
  for (const name of Object.keys(loadOptions()))
    expect(resolveLoadOptions(given({ [name]: null })), name).toEqual(resolveLoadOptions({}));
  expect(resolveLoadOptions(given({ hub: { endpoint: null, token: 'x' } })).hub).toEqual({ token: 'x' });
});

describe('a tokenizer', () => {
  const tokenizer = createTokenizer({
    'vocab.json': JSON.stringify({ a: 0, b: 1 }),
    'merges.txt': '#version: 0.2\n',
  });

  it.each([undefined, null, 3, 'x', {}, () => {}, 10n])('refuses %s for a list', async (value) => {
    const made = await tokenizer;
    for (const call of ['encodeBatch', 'decode', 'decodeBytes', 'decodeBatch'] as const)
      expect(() => made[call](given(value)), call).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('takes null for what is not given, and refuses what there is not', async () => {
    const made = await tokenizer;
    expect(made.encode('ab', given({ allowSpecial: null }))).toEqual(made.encode('ab'));
    expect(made.decode([0, 1], given({ skipSpecial: null }))).toBe('ab');
    expect(() => made.encode('ab', given({ allowSpecials: true }))).toThrow(/did you mean 'allowSpecial'/);
  });

  it('takes whatever has a length', async () => {
    expect((await tokenizer).decode({ length: 2, 0: 1, 1: 0 })).toBe('ba');
  });
});

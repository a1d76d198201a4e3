import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import {
  embedOptions,
  generateOptions,
  inspectOptions,
  passOptions,
  samplingOptions,
  scoreOptions,
} from '../options/table.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

// What TypeScript would not let through, and what it cannot know.

describe('a model', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());

  // Each call that has options, with an input that it takes, and with none.
  const calls: readonly [string, (options?: never) => PromiseLike<unknown>, (input: never) => PromiseLike<unknown>][] =
    [
      ['generate', (options) => model.generate('x', options), (input) => model.generate(input)],
      ['forward', (options) => model.forward([1], options), (input) => model.forward(input)],
      ['score', (options) => model.score('x', options), (input) => model.score(input)],
      ['scoreBatch', (options) => model.scoreBatch(['x'], options), (input) => model.scoreBatch(input)],
      ['embed', (options) => model.embed('x', options), (input) => model.embed(input)],
      ['embedBatch', (options) => model.embedBatch(['x'], options), (input) => model.embedBatch(input)],
      ['inspect', (options) => model.inspect('x', options), (input) => model.inspect(input)],
      ['classifyIds', (options) => model.classifyIds([1], options), (input) => model.classifyIds(input)],
      [
        'classifyIdsBatch',
        (options) => model.classifyIdsBatch([[1]], options),
        (input) => model.classifyIdsBatch(input),
      ],
    ];
  describe.each(calls)('%s', (name, withOptions, withInput) => {
    const invalid = (message: string) => ({
      name: 'GptletError',
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message),
    });

    it.each([null, 3, 'x', true, Symbol('x'), () => {}])('refuses %s for options', async (options) => {
      await expect((async () => withOptions(options as never))()).rejects.toMatchObject(
        invalid('it must be an object'),
      );
    });

    it.each([
      [{ bogus: 1 }, "There is no option 'bogus'; there are "],
      [{ backend: 'wasm' }, "'backend'"],
      [{ constructor: 1 }, "'constructor'"],
      [{ signal: '' }, "signal is ''; it must be an AbortSignal"],
      [{ signal: new AbortController() }, 'AbortController'],
    ])('refuses %o', async (options, message) => {
      await expect((async () => withOptions(options as never))()).rejects.toMatchObject(invalid(message));
    });

    it('takes undefined for what is not given', async () => {
      // This model has no head; what it says then says that the options passed.
      const result = (async () => withOptions({ signal: undefined } as never))();
      if (name.startsWith('classify')) await expect(result).rejects.toMatchObject({ code: 'UNSUPPORTED_MODEL' });
      else await expect(result).resolves.toBeTruthy();
    });

    it.each([undefined, null, 3, {}, true, Symbol('x'), 10n, () => {}])('refuses %s for its input', async (input) => {
      const code = name.startsWith('classify') ? 'UNSUPPORTED_MODEL' : 'INVALID_OPTION';
      await expect((async () => withInput(input as never))()).rejects.toMatchObject({ name: 'GptletError', code });
    });
  });

  describe('null is "not given"', () => {
    const few = { maxNewTokens: 2, temperature: 0 };
    const names = Object.keys({ ...generateOptions(), ...samplingOptions() });
    it.each(names)('generate: %s', async (name) => {
      const given = { ...few, [name]: null } as object;
      const { maxNewTokens = 128 } = given as { maxNewTokens?: number };
      // Without a length of its own it runs to the default, or to an end.
      const { tokenIds, logprobs } = await model.generate('x', given);
      expect(tokenIds.length).toBeLessThanOrEqual(maxNewTokens ?? 128);
      expect(logprobs).toBeUndefined();
      expect((await model.generate('x', { ...few, numBeams: 2, ...given })).sequences?.length).toBe(
        name === 'numBeams' ? undefined : 1,
      );
    });

    it.each<[string, object, (options: never) => Promise<unknown>]>([
      ['forward', passOptions(), (options) => model.forward([1, 2], options)],
      ['score', scoreOptions(), (options) => model.score('x y', options)],
      ['scoreBatch', scoreOptions(), (options) => model.scoreBatch(['x y'], options)],
      ['embed', embedOptions(), (options) => model.embed('x y', options)],
      ['embedBatch', embedOptions(), (options) => model.embedBatch(['x y'], options)],
      ['inspect', inspectOptions(), (options) => model.inspect('x y', options)],
    ])('%s', async (_, table, call) => {
      const nulls = Object.fromEntries(Object.keys(table).map((name) => [name, null]));
      expect(await call(nulls as never)).toEqual(await call({} as never));
    });
  });

  it('reads each option of generate() once: it checks them once', async () => {
    const reads: string[] = [];
    const given = new Proxy({ maxNewTokens: 1, topK: 3, seed: 1 } as Record<string, unknown>, {
      get: (target, name: string) => {
        reads.push(name);
        return target[name];
      },
    });
    await model.generate('x', given);
    expect(reads).toEqual(['maxNewTokens', 'topK', 'seed']);
  });

  it('begins nothing, and throws nothing, before a generation is awaited', async () => {
    const generation = model.generate('x', { topK: 'many' } as object);
    await expect(generation).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "topK is 'many'; it must be a whole number from 0.",
    });
  });

  it.each([
    [{ minNewTokens: 4, maxNewTokens: 3 }, 'minNewTokens is 4; it must be at most maxNewTokens, 3.'],
    [
      { numSequences: 3, numBeams: 2 },
      'numSequences is 3; it must be at most numBeams, 2: a beam search returns no more.',
    ],
  ])('refuses %o together', async (options, message) => {
    await expect(model.generate('x', options)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });

  const generate = (options: object) => () => model.generate('x', options);
  it.each<[string, string, RegExp, () => PromiseLike<unknown>]>([
    ['a prompt longer than the context', 'CONTEXT_OVERFLOW', /300/, () => model.generate(new Array(300).fill(1))],
    ['an id outside the vocabulary', 'INVALID_OPTION', /99999/, () => model.generate([99_999])],
    ['no ids', 'INVALID_OPTION', /no token ids/, () => model.generate([])],
    ['no prompt', 'INVALID_OPTION', /undefined/, () => model.generate(undefined as never)],
    ['a number for a prompt', 'INVALID_OPTION', /42/, () => model.generate(42 as never)],
    ['an object for a prompt', 'INVALID_OPTION', /object Object/, () => model.generate({} as never)],
    ['no ids to forward', 'INVALID_OPTION', /undefined/, () => model.forward(undefined as never)],
    ['nothing to embed', 'INVALID_OPTION', /undefined/, () => model.embed(undefined as never)],
    [
      'an unknown pooling',
      'INVALID_OPTION',
      /'max'; it must be 'last' or 'mean'/,
      () => model.embed('x', { pooling: 'max' as never }),
    ],
    ['nothing to score', 'INVALID_OPTION', /undefined/, () => model.score(undefined as never)],
    ['a batch that is a text', 'INVALID_OPTION', /batch is 'x'; .* array/, () => model.scoreBatch('x' as never)],
    [
      'scaling that is no boolean',
      'INVALID_OPTION',
      /normalize is 1/,
      () => model.embed('x', { normalize: 1 as never }),
    ],
    [
      'a wish that is no boolean',
      'INVALID_OPTION',
      /attention is 'no'/,
      () => model.inspect('x', { attention: 'no' as never }),
    ],
    ['a constraint that is empty', 'INVALID_OPTION', /constraint is ''/, generate({ constraint: '' })],
    ['a stride of 0', 'INVALID_OPTION', /stride is 0/, () => model.score('x', { stride: 0 })],
    ['a negative length', 'INVALID_OPTION', /maxNewTokens is -1/, generate({ maxNewTokens: -1 })],
    ['a length that is text', 'INVALID_OPTION', /maxNewTokens is '3'/, generate({ maxNewTokens: '3' })],
    ['a temperature below zero', 'INVALID_OPTION', /temperature is -1/, generate({ temperature: -1 })],
    [
      'an unknown option',
      'INVALID_OPTION',
      /no option 'maxTokens'; did you mean 'maxNewTokens'\?/,
      generate({ maxTokens: 3 }),
    ],
    [
      'an empty stop text',
      'INVALID_OPTION',
      /stop\[0\] is ''; it must be a text that is not empty/,
      generate({ stop: [''] }),
    ],
    ['a stop text outside an array', 'INVALID_OPTION', /stop is 'x'/, generate({ stop: 'x' })],
    ['a stop id outside an array', 'INVALID_OPTION', /stopTokenIds is 5/, generate({ stopTokenIds: 5 })],
    ['a stop id that is none', 'INVALID_OPTION', /stopTokenIds\[1\] is '7'/, generate({ stopTokenIds: [1, '7'] })],
    ['21 alternatives', 'INVALID_OPTION', /logprobs is 21/, generate({ logprobs: 21 })],
    ['alternatives of beams', 'INVALID_OPTION', /numBeams/, generate({ logprobs: 2, numBeams: 2 })],
    ['an answer that is no boolean', 'INVALID_OPTION', /earlyStopping is 1/, generate({ earlyStopping: 1 })],
    ['a controller for a signal', 'INVALID_OPTION', /AbortController/, generate({ signal: new AbortController() })],
    ['a text for a signal', 'INVALID_OPTION', /signal is 'x'/, () => model.forward([1], { signal: 'x' as never })],
    ['classification without a head', 'UNSUPPORTED_MODEL', /head/, () => model.classifyIds([1])],
  ])('rejects %s with %s and goes on working', async (_, code, message, call) => {
    await expect(call()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect((await model.generate('Hello', { maxNewTokens: 2 })).tokenIds).toHaveLength(2);
  });
});

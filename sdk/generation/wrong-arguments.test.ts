import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLocalModel } from '../loading/load-local-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import type { GptModel } from './gpt-model.ts';

// What TypeScript would not let through, and what it cannot know.

describe('a model', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadLocalModel('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());

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
    ['an unknown pooling', 'INVALID_OPTION', /"max"/, () => model.embed('x', { pooling: 'max' as never })],
    ['nothing to score', 'INVALID_OPTION', /undefined/, () => model.score(undefined as never)],
    ['a stride of 0', 'INVALID_OPTION', /stride is 0/, () => model.score('x', { stride: 0 })],
    ['a negative length', 'INVALID_OPTION', /maxNewTokens is -1/, generate({ maxNewTokens: -1 })],
    ['a length that is text', 'INVALID_OPTION', /maxNewTokens is "3"/, generate({ maxNewTokens: '3' })],
    ['a temperature below zero', 'INVALID_OPTION', /temperature is -1/, generate({ temperature: -1 })],
    ['an unknown option', 'INVALID_OPTION', /'maxTokens'/, generate({ maxTokens: 3 })],
    ['an empty stop text', 'INVALID_OPTION', /stop is \[""\]/, generate({ stop: [''] })],
    ['a stop text outside an array', 'INVALID_OPTION', /stop is "x"/, generate({ stop: 'x' })],
    ['a stop id outside an array', 'INVALID_OPTION', /stopTokenIds is 5/, generate({ stopTokenIds: 5 })],
    ['a stop id that is none', 'INVALID_OPTION', /stopTokenIds\[1\] is "7"/, generate({ stopTokenIds: [1, '7'] })],
    ['21 alternatives', 'INVALID_OPTION', /logprobs is 21/, generate({ logprobs: 21 })],
    ['alternatives of beams', 'INVALID_OPTION', /numBeams/, generate({ logprobs: 2, numBeams: 2 })],
    ['an answer that is no boolean', 'INVALID_OPTION', /earlyStopping is 1/, generate({ earlyStopping: 1 })],
    ['a controller for a signal', 'INVALID_OPTION', /AbortController/, generate({ signal: new AbortController() })],
    ['a text for a signal', 'INVALID_OPTION', /String/, () => model.forward([1], { signal: 'x' as never })],
    ['classification without a head', 'UNSUPPORTED_MODEL', /head/, () => model.classifyIds([1])],
  ])('rejects %s with %s and goes on working', async (_, code, message, call) => {
    await expect(call()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect((await model.generate('Hello', { maxNewTokens: 2 })).tokenIds).toHaveLength(2);
  });
});

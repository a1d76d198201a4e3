// What connect() asks, the handler answers: a model behind both says what it says by itself.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from '../api/connect.ts';
import { chatModelFiles } from '../chat/testing/chat-model.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { LoadedModel } from '../loaded-model/loaded-model.ts';
import type { Message } from '../loaded-model/message.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { createOpenAIHandler } from './create-openai-handler.ts';

const hello: Message[] = [{ role: 'user', content: 'Hello!' }];
const place = { type: 'object', properties: { place: { enum: ['Oslo', 'Rome'] } }, required: ['place'] };
const parameters = { ...place, additionalProperties: false };

let model: LoadedModel;
beforeAll(async () => {
  model = await loadModelHere(chatModelFiles(), {
    backend: 'wasm',
    dtype: 'f32',
    contextLength: undefined,
    threads: 1,
    cache: false,
    hub: undefined,
  });
  const handler = createOpenAIHandler({ models: { tiny: model } });
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => handler(new Request(url, init)));
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await model.dispose();
});

describe('a model behind connect() and the handler', () => {
  const remote = connect({ baseURL: 'http://localhost/v1', model: 'tiny' });

  it.each<ChatOptions>([
    { seed: 3, maxNewTokens: 30 },
    { seed: 4, maxNewTokens: 30, temperature: 0.5, topP: 0.9, minP: 0.01, presencePenalty: 0.5 },
    { seed: 5, maxNewTokens: 60, constraint: { jsonSchema: parameters } },
    { seed: 6, maxNewTokens: 30, thinking: false },
    { seed: 7, maxNewTokens: 30, repetitionPenalty: 1.3, topK: 0, minNewTokens: 10 },
    { seed: 8, maxNewTokens: 30, stopTokenIds: Array.from({ length: 64 }, (_, i) => 4 * i) },
    { seed: 9, maxNewTokens: 30, constraint: { choices: ['yes', 'no'] } },
    { seed: 10, maxNewTokens: 30, constraint: { regex: '[a-c]{4}' } },
  ])('answers as it does here: %j', async (options) => {
    const here = await model.chat(hello, options);
    const there = await remote.chat(hello, options);
    expect(there.text).toBe(here.text);
    expect(there.finishReason).toBe(here.finishReason);
    expect(there.usage.generatedTokens).toBe(here.usage.generatedTokens);
  });

  it('goes on with an answer that was begun', async () => {
    const begun: Message[] = [...hello, { role: 'assistant', content: 'It is' }];
    const options = { seed: 11, maxNewTokens: 20, continueMessage: true };
    const here = await model.chat(begun, options);
    const there = await remote.chat(begun, options);
    expect(here.text).not.toBe('');
    expect(there.text).toBe(here.text);
  });

  it('goes on with a text of a form', async () => {
    const options = { seed: 12, maxNewTokens: 20, constraint: { choices: [' yes', ' no'] } };
    expect((await remote.generate('Is it so?', options)).text).toBe((await model.generate('Is it so?', options)).text);
  });

  it('calls tools, which run here', async () => {
    const seen: unknown[] = [];
    const weather = { parameters, execute: (given: unknown) => seen.push(given) };
    const options = { tools: { weather }, toolChoice: 'required', maxNewTokens: 200, maxSteps: 1, seed: 1 } as const;
    const there = await remote.chat(hello, options);
    const here = await model.chat(hello, options);
    const called = ({ toolCalls }: typeof here) => toolCalls.map((call) => [call.name, call.arguments]);
    expect(called(there).length).toBeGreaterThan(0);
    expect(called(there)).toEqual(called(here));
  });

  it('goes on with a text as it does here, log-probabilities too', async () => {
    const options = { seed: 2, maxNewTokens: 20, logprobs: 2 };
    const here = await model.generate('Once upon', options);
    const there = await remote.generate('Once upon', options);
    expect(there.text).toBe(here.text);
    expect(there.logprobs).toHaveLength(20);
    // Reused rows of the KV cache were computed in another order of sums.
    for (const [i, { logprob }] of (there.logprobs ?? []).entries())
      expect(logprob).toBeCloseTo(here.logprobs?.[i].logprob ?? 0, 5);
  });

  it('is told what is wrong', async () => {
    await expect(remote.chat([{ role: 'user', content: 'word '.repeat(4096) }])).rejects.toMatchObject({
      code: 'CONTEXT_OVERFLOW',
    });
  });
});

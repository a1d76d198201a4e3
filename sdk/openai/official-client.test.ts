// The official client, unchanged, beside a scripted model and a real one with seeded weights.
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError } from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chatModelFiles } from '../chat/testing/chat-model.ts';
import type { LoadedModel } from '../loaded-model/loaded-model.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { createOpenAIHandler } from './create-openai-handler.ts';
import type { ServedModel } from './served-models.ts';
import { type Script, scriptedModel, scriptedTextModel } from './testing/scripted-model.ts';

const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hello!' }];

function clientOf(models: Record<string, ServedModel>): OpenAI {
  const handler = createOpenAIHandler({ models });
  return new OpenAI({
    baseURL: 'http://localhost/v1',
    apiKey: 'none',
    maxRetries: 0,
    fetch: (url, init) => handler(new Request(url, init)),
  });
}

describe('the official client', () => {
  it('lists models', async () => {
    const client = clientOf({ a: scriptedModel(() => ({})), 'b/c': scriptedModel(() => ({})) });
    const names: string[] = [];
    for await (const { id } of client.models.list()) names.push(id);
    expect(names).toEqual(['a', 'b/c']);
    expect((await client.models.retrieve('b/c')).id).toBe('b/c');
  });

  it('throws its own errors', async () => {
    const client = clientOf({ m: scriptedModel(() => ({})) });
    const body = { model: 'm', messages };
    await expect(client.chat.completions.create({ ...body, temperature: 9 })).rejects.toThrow(BadRequestError);
    await expect(client.chat.completions.create({ ...body, model: 'x' })).rejects.toThrow(NotFoundError);
    await expect(client.chat.completions.create({ ...body, model: 'x' })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      type: 'invalid_request_error',
    });
  });

  it('throws what goes wrong amid a stream', async () => {
    const client = clientOf({ m: scriptedModel(() => ({ error: new Error('It broke.') })) });
    const stream = await client.chat.completions.create({ model: 'm', messages, stream: true });
    const read = async (): Promise<string> => {
      let text = '';
      for await (const { choices } of stream) text += choices[0].delta.content ?? '';
      return text;
    };
    await expect(read()).rejects.toThrow('It broke.');
  });

  it('leaves a stream, which ends the answer', async () => {
    const model = scriptedModel(() => ({ parts: Array.from({ length: 1000 }, () => ({ text: 'a' })) }));
    const client = clientOf({ m: model });
    const stream = await client.chat.completions.create({ model: 'm', messages, stream: true });
    for await (const { choices } of stream) if (choices[0].delta.content) break;
    await expect.poll(() => model.ended).toEqual(['aborted']);
  });

  it('aborts', async () => {
    const model = scriptedModel(() => ({ parts: Array.from({ length: 1000 }, () => ({ text: 'a' })) }));
    const stop = new AbortController();
    const answer = clientOf({ m: model }).chat.completions.create({ model: 'm', messages }, { signal: stop.signal });
    await expect.poll(() => model.asked.length).toBe(1);
    stop.abort();
    await expect(answer).rejects.toThrow(APIUserAbortError);
    await expect.poll(() => model.ended).toEqual(['aborted']);
  });

  it('runs tools until there is an answer', async () => {
    const script = (asked: number): Script =>
      asked === 1
        ? { parts: [{ toolCall: { id: 'c1', name: 'weather', arguments: { place: 'Oslo' } } }] }
        : { parts: [{ text: 'It is 20 degrees.' }] };
    const model = scriptedModel((given) => script(given.length));
    const client = clientOf({ m: model });
    const weather = zodFunction({
      name: 'weather',
      parameters: z.object({ place: z.string() }),
      function: ({ place }) => ({ place, degrees: 20 }),
    });
    for (const stream of [false, true] as const) {
      const runner = client.chat.completions.runTools({ model: 'm', messages, tools: [weather], stream } as never);
      expect(await runner.finalContent()).toBe('It is 20 degrees.');
    }
    expect(model.asked.at(-1)?.messages.slice(1)).toEqual([
      expect.objectContaining({
        role: 'assistant',
        toolCalls: [{ id: 'c1', name: 'weather', arguments: { place: 'Oslo' } }],
      }),
      { role: 'tool', toolCallId: 'c1', content: '{"place":"Oslo","degrees":20}' },
    ]);
  });

  it('completes texts, whole and streamed', async () => {
    const client = clientOf({ m: scriptedTextModel() });
    const body = { model: 'm', prompt: 'Once' };
    expect((await client.completions.create(body)).choices[0].text).toBe(' there was a');
    let text = '';
    for await (const { choices } of await client.completions.create({ ...body, stream: true })) text += choices[0].text;
    expect(text).toBe(' there was a');
  });

  it('embeds, by base64 unless told otherwise', async () => {
    const client = clientOf({ m: scriptedTextModel() });
    for (const encoding of [undefined, 'float', 'base64'] as const) {
      const { data } = await client.embeddings.create({ model: 'm', input: ['a', 'bc'], encoding_format: encoding });
      if (encoding !== 'base64')
        expect(data.map(({ embedding }) => embedding)).toEqual([
          [1, 0.5, -0.25],
          [2, 0.5, -0.25],
        ]);
      else expect(typeof data[0].embedding).toBe('string');
    }
  });
});

describe('the official client with a real model', () => {
  let model: LoadedModel;
  let client: OpenAI;
  beforeAll(async () => {
    model = await loadModelHere(chatModelFiles(), {
      backend: 'wasm',
      dtype: 'f32',
      contextLength: undefined,
      threads: 1,
      cache: false,
      hub: undefined,
    });
    client = clientOf({ tiny: model });
  });
  afterAll(() => model.dispose());
  const body = { model: 'tiny', messages, seed: 3, max_completion_tokens: 40 };

  it('chats, and streams the same', async () => {
    const whole = await client.chat.completions.create(body);
    const expected = await model.chat([{ role: 'user', content: 'Hello!' }], { seed: 3, maxNewTokens: 40 });
    expect(whole.choices[0].message.content).toBe(expected.text);
    expect(whole.usage).toMatchObject({
      prompt_tokens: expected.usage.promptTokens,
      completion_tokens: expected.usage.generatedTokens,
    });
    const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
    const pieces: string[] = [];
    stream.on('content', (delta) => pieces.push(delta));
    const final = await stream.finalChatCompletion();
    expect(pieces.join('')).toBe(expected.text);
    expect(final.choices[0].message.content).toBe(expected.text);
    expect(final.usage?.completion_tokens).toBe(expected.usage.generatedTokens);
  });

  it('gives objects of a zod schema', async () => {
    const Event = z.object({ day: z.enum(['Monday', 'Friday']), hour: z.number().int().min(0).max(23) });
    const completion = await client.chat.completions.parse({
      ...body,
      max_completion_tokens: 200,
      response_format: zodResponseFormat(Event, 'event'),
    });
    expect(Event.parse(completion.choices[0].message.parsed)).toEqual(
      JSON.parse(completion.choices[0].message.content ?? ''),
    );
  });

  it('calls a tool with arguments of its schema', async () => {
    const parameters = z.object({ place: z.enum(['Oslo', 'Rome']) });
    const weather = zodFunction({ name: 'weather', parameters, function: () => '' });
    const { choices } = await client.chat.completions.parse({
      ...body,
      max_completion_tokens: 200,
      tools: [weather],
      tool_choice: 'required',
      parallel_tool_calls: false,
    });
    expect(choices[0].finish_reason).toBe('tool_calls');
    expect(choices[0].message.tool_calls).toHaveLength(1);
    const [call] = choices[0].message.tool_calls ?? [];
    expect(call.function.name).toBe('weather');
    expect(parameters.parse(call.function.parsed_arguments)).toEqual(JSON.parse(call.function.arguments));
  });

  it('tells log-probabilities', async () => {
    const { choices } = await client.chat.completions.create({ ...body, logprobs: true, top_logprobs: 3 });
    const content = choices[0].logprobs?.content ?? [];
    expect(content.length).toBeGreaterThan(5);
    for (const { logprob, top_logprobs: top } of content) {
      expect(top).toHaveLength(3);
      expect(logprob).toBeLessThanOrEqual(top[0].logprob + 1e-6);
    }
  });

  it('echoes a prompt with the scores that the model gives it', async () => {
    const prompt = 'Once upon a time';
    const { choices } = await client.completions.create({
      model: 'tiny',
      prompt,
      echo: true,
      logprobs: 0,
      max_tokens: 0,
    });
    const { tokens } = await model.score(prompt);
    expect(choices[0].text).toBe(prompt);
    expect(choices[0].logprobs?.tokens?.join('')).toBe(prompt);
    expect(choices[0].logprobs?.token_logprobs?.slice(-tokens.length)).toEqual(tokens.map(({ logprob }) => logprob));
  });

  it('embeds texts as vectors of length 1', async () => {
    const { data, usage } = await client.embeddings.create({ model: 'tiny', input: 'Hello!' });
    expect(data[0].embedding).toHaveLength(64);
    expect(Math.hypot(...data[0].embedding)).toBeCloseTo(1, 5);
    expect(usage.prompt_tokens).toBe(model.tokenizer.count('Hello!'));
  });

  it('is told what does not fit', async () => {
    const long = [{ role: 'user' as const, content: 'word '.repeat(4096) }];
    await expect(client.chat.completions.create({ ...body, messages: long })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    });
    await expect(client.completions.create({ model: 'tiny', prompt: [100_000] })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('is served in turn: answers that are asked for at once do not mix', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((seed) => client.chat.completions.create({ ...body, seed, n: 2, max_completion_tokens: 12 })),
    );
    const texts = answers.flatMap(({ choices }) => choices.map(({ message }) => message.content));
    const expected: string[] = [];
    for (const seed of [1, 2, 2, 3, 3, 4, 4, 5])
      expected.push((await model.chat([{ role: 'user', content: 'Hello!' }], { seed, maxNewTokens: 12 })).text);
    expect(texts).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { TokenLogprob } from '../loaded-model/generation.ts';
import type { Message } from '../loaded-model/message.ts';
import { createOpenAIHandler } from './create-openai-handler.ts';
import { eventsOf, post } from './testing/requests.ts';
import { type Script, scriptedModel } from './testing/scripted-model.ts';

const user = { role: 'user', content: 'Hello!' };
const hello = { model: 'm', messages: [user] };
const call = { id: 'c1', name: 'weather', arguments: { place: 'Oslo' } };
const wireCall = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"place":"Oslo"}' } };
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'How it is.', parameters: { type: 'object' } },
};

async function answer(body: object, script: Script = {}): Promise<unknown> {
  const handler = createOpenAIHandler({ models: { m: scriptedModel(() => script) } });
  const response = await handler(post('chat/completions', { ...hello, ...body }));
  expect(response.status, response.ok ? '' : await response.clone().text()).toBe(200);
  return response.json();
}

async function stream(body: object, script: Script = {}): Promise<unknown[]> {
  const handler = createOpenAIHandler({ models: { m: scriptedModel(() => script) } });
  const response = await handler(post('chat/completions', { ...hello, ...body, stream: true }));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const { events, done } = await eventsOf(response);
  expect(done).toBe(true);
  return events;
}

/** What a model is asked by a request with these parameters. */
async function asked(body: object): Promise<{ messages: readonly Message[]; options: ChatOptions }[]> {
  const model = scriptedModel(() => ({}));
  const handler = createOpenAIHandler({ models: { m: model } });
  const response = await handler(post('chat/completions', { ...hello, ...body }));
  expect(response.status, await response.text()).toBe(200);
  return model.asked;
}

const usage = {
  prompt_tokens: 7,
  completion_tokens: 2,
  total_tokens: 9,
  prompt_tokens_details: { cached_tokens: 3 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

describe('an answer as a whole', () => {
  it("has OpenAI's form", async () => {
    expect(await answer({})).toEqual({
      id: expect.stringMatching(/^chatcmpl-\w{8,}$/) as string,
      object: 'chat.completion',
      created: expect.closeTo(Date.now() / 1000, -1) as number,
      model: 'm',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello!', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage,
    });
  });

  it('tells that it was cut', async () => {
    expect(await answer({}, { result: { finishReason: 'length' } })).toMatchObject({
      choices: [{ finish_reason: 'length' }],
    });
  });

  it('calls tools', async () => {
    const parts = [{ toolCall: call }, { toolCall: { ...call, id: 'c2', arguments: {} } }];
    expect(await answer({ tools: [weather] }, { parts })).toMatchObject({
      choices: [
        {
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [wireCall, { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{}' } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it('tells what was thought, and what it cost', async () => {
    expect(await answer({}, { parts: [{ reasoning: 'Hm.' }, { text: 'Hi' }] })).toMatchObject({
      choices: [{ message: { content: 'Hi', reasoning_content: 'Hm.' } }],
      usage: { completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 1 } },
    });
  });

  it('is one of several, each with a seed of its own', async () => {
    let answers = 0;
    const model = scriptedModel(() => ({ parts: [{ text: `answer ${answers++}` }] }));
    const handler = createOpenAIHandler({ models: { m: model } });
    const response = await handler(post('chat/completions', { ...hello, n: 3, seed: 10 }));
    expect(await response.json()).toMatchObject({
      choices: [0, 1, 2].map((index) => ({ index, message: { content: `answer ${index}` } })),
      // The prompt is counted once.
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10, prompt_tokens_details: { cached_tokens: 3 } },
    });
    expect(model.asked.map(({ options }) => options.seed)).toEqual([10, 11, 12]);
  });
});

describe('a stream', () => {
  const head = {
    id: expect.stringMatching(/^chatcmpl-/) as string,
    object: 'chat.completion.chunk',
    created: expect.any(Number) as number,
    model: 'm',
  };
  const chunk = (delta: object, finish: string | null = null): object => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });

  it('gives the role, what is said, and why it ended', async () => {
    const events = await stream({});
    expect(events).toEqual([
      chunk({ role: 'assistant', content: '', refusal: null }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo!' }),
      chunk({}, 'stop'),
    ]);
    expect(new Set(events.map((event) => (event as { id: string }).id)).size).toBe(1);
  });

  it('of an answer that says nothing has a beginning and an end', async () => {
    expect(await stream({}, { parts: [] })).toEqual([
      chunk({ role: 'assistant', content: '', refusal: null }),
      chunk({}, 'stop'),
    ]);
  });

  it('ends with what it cost, where that is asked for', async () => {
    const events = await stream({ stream_options: { include_usage: true } });
    expect(events.slice(0, -1).map((event) => (event as { usage: unknown }).usage)).toEqual([null, null, null, null]);
    expect(events.at(-1)).toEqual({ ...head, choices: [], usage });
  });

  it('gives thoughts and calls, one whole call an event', async () => {
    const parts = [{ reasoning: 'Hm.' }, { toolCall: call }, { toolCall: { ...call, id: 'c2' } }];
    expect((await stream({ tools: [weather] }, { parts })).slice(1)).toEqual([
      chunk({ reasoning_content: 'Hm.' }),
      chunk({ tool_calls: [{ index: 0, ...wireCall }] }),
      chunk({ tool_calls: [{ index: 1, ...wireCall, id: 'c2' }] }),
      chunk({}, 'tool_calls'),
    ]);
  });

  it('gives several answers one after the other', async () => {
    const events = (await stream({ n: 2, tools: [weather] }, { parts: [{ toolCall: call }] })) as {
      choices: { index: number; delta: { tool_calls?: { index: number }[] } }[];
    }[];
    expect(events.map(({ choices }) => choices[0].index)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(events.flatMap(({ choices }) => choices[0].delta.tool_calls ?? []).map(({ index }) => index)).toEqual([
      0, 0,
    ]);
  });

  it('comes while the model writes', async () => {
    let go = (): void => {};
    const wait = (): Promise<void> => new Promise((resolve) => (go = resolve));
    const handler = createOpenAIHandler({ models: { m: scriptedModel(() => ({ wait })) } });
    const response = await handler(post('chat/completions', { ...hello, stream: true }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
    expect(await read()).toContain('"role":"assistant"');
    expect(await read()).toContain('"content":"Hel"');
    go();
    expect(await read()).toContain('"content":"lo!"');
    go();
    expect(await read()).toContain('"finish_reason":"stop"');
  });
});

describe('log-probabilities', () => {
  const token: TokenLogprob = {
    tokenId: 1,
    text: 'é',
    logprob: -0.5,
    top: [
      { tokenId: 1, text: 'é', logprob: -0.5 },
      { tokenId: 2, text: '\ufffd', logprob: -Infinity },
    ],
  };
  const script = { parts: [{ text: 'é', logprobs: [token] }] };
  const told = {
    content: [
      {
        token: 'é',
        logprob: -0.5,
        bytes: [0xc3, 0xa9],
        top_logprobs: [
          { token: 'é', logprob: -0.5, bytes: [0xc3, 0xa9] },
          { token: '\ufffd', logprob: -9999, bytes: null },
        ],
      },
    ],
    refusal: null,
  };

  it('are told with an answer', async () => {
    expect(await answer({ logprobs: true, top_logprobs: 2 }, script)).toMatchObject({ choices: [{ logprobs: told }] });
  });

  it('are streamed with the text', async () => {
    const events = await stream({ logprobs: true, top_logprobs: 2 }, script);
    expect(events[1]).toMatchObject({ choices: [{ delta: { content: 'é' }, logprobs: told }] });
  });

  it('are asked of the model', async () => {
    const of = async (body: object) => (await asked(body))[0].options.logprobs;
    expect(await of({ logprobs: true, top_logprobs: 5 })).toBe(5);
    expect(await of({ logprobs: true })).toBe(0);
    expect(await of({ logprobs: false })).toBeUndefined();
    expect(await of({})).toBeUndefined();
  });
});

describe('parameters', () => {
  it.each<[object, object]>([
    [
      { temperature: 0.5, top_p: 0.9 },
      { temperature: 0.5, topP: 0.9 },
    ],
    [
      { top_k: 4, min_p: 0.1, repetition_penalty: 1.1 },
      { topK: 4, minP: 0.1, repetitionPenalty: 1.1 },
    ],
    [
      { presence_penalty: 1, frequency_penalty: -1 },
      { presencePenalty: 1, frequencyPenalty: -1 },
    ],
    [{ logit_bias: { 5: -100, 6: 1.5 } }, { logitBias: { 5: -100, 6: 1.5 } }],
    [{ seed: -3 }, { seed: -3 }],
    [{ stop: 'X' }, { stop: ['X'] }],
    [{ stop: ['X', 'Y'] }, { stop: ['X', 'Y'] }],
    [{ max_tokens: 5 }, { maxNewTokens: 5 }],
    [{ max_completion_tokens: 6 }, { maxNewTokens: 6 }],
    [{ max_tokens: null, max_completion_tokens: 7 }, { maxNewTokens: 7 }],
    [{ response_format: { type: 'text' } }, { constraint: undefined }],
    [{ response_format: { type: 'json_object' } }, { constraint: { jsonSchema: { type: 'object' } } }],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema: { type: 'array' } } } },
      { constraint: { jsonSchema: { type: 'array' }, unsupported: 'error' } },
    ],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n' } } },
      { constraint: { jsonSchema: {}, unsupported: 'ignore' } },
    ],
    [{ reasoning_effort: 'none' }, { thinking: false }],
    [{ reasoning_effort: 'high' }, { thinking: true }],
    [{ modalities: ['text'] }, { thinking: undefined }],
    [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
  ])('%j', async (body, options) => {
    expect((await asked(body))[0].options).toMatchObject(options);
  });

  it('that change no answer are ignored, and so is null', async () => {
    const harmless = {
      ...{
        user: 'u',
        store: true,
        metadata: { a: 'b' },
        service_tier: 'flex',
        safety_identifier: 's',
        prompt_cache_key: 'k',
      },
      ...{ prediction: { type: 'content', content: 'x' }, audio: null, functions: null, temperature: null, stop: null },
    };
    const [without] = await asked({});
    const [given] = await asked(harmless);
    const signal = expect.any(AbortSignal) as AbortSignal;
    expect(given.options).toEqual({ ...without.options, signal });
  });

  it('that are not given are left to the model', async () => {
    const { signal: _, ...options } = (await asked({}))[0].options;
    expect(Object.values(options).filter((value) => value !== undefined)).toEqual([]);
  });
});

describe('tools', () => {
  const time = { type: 'function', function: { name: 'time' } };
  const tools = [weather, time];

  it('are given to the model by name', async () => {
    const [{ options }] = await asked({ tools });
    expect(options.tools).toEqual({ weather: { description: 'How it is.', parameters: { type: 'object' } }, time: {} });
    expect(options.toolChoice).toBeUndefined();
  });

  it.each<[unknown, unknown, string[]]>([
    ['none', 'none', ['weather', 'time']],
    ['auto', 'auto', ['weather', 'time']],
    ['required', 'required', ['weather', 'time']],
    [{ type: 'function', function: { name: 'time' } }, { tool: 'time' }, ['weather', 'time']],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [time] } }, 'required', ['time']],
  ])('are chosen by %j', async (choice, toolChoice, names) => {
    const [{ options }] = await asked({ tools, tool_choice: choice });
    expect(options.toolChoice).toEqual(toolChoice);
    expect(Object.keys(options.tools ?? {})).toEqual(names);
  });

  it('need not be there', async () => {
    for (const choice of ['none', 'auto'])
      expect((await asked({ tool_choice: choice }))[0].options.tools).toBeUndefined();
    expect((await asked({ tools: [] }))[0].options.tools).toBeUndefined();
  });

  it('may have any name that is one', async () => {
    const odd = ['__proto__', 'constructor', 'a-b.c_1'].map((name) => ({ type: 'function', function: { name } }));
    expect(Object.keys((await asked({ tools: odd }))[0].options.tools ?? {})).toEqual([
      '__proto__',
      'constructor',
      'a-b.c_1',
    ]);
  });
});

describe('messages', () => {
  it.each<[object, Message]>([
    [
      { role: 'system', content: 'S' },
      { role: 'system', content: 'S' },
    ],
    [
      { role: 'developer', content: 'D', name: 'me' },
      { role: 'developer', content: 'D' },
    ],
    [
      { role: 'user', content: [{ type: 'text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } }] },
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
    ],
    [
      { role: 'assistant', content: 'A', refusal: null, annotations: [], reasoning_content: 'Hm.' },
      { role: 'assistant', content: 'A', reasoning: 'Hm.' },
    ],
    [
      { role: 'assistant', tool_calls: [wireCall] },
      { role: 'assistant', content: null, toolCalls: [call] },
    ],
    [
      { role: 'assistant', tool_calls: [{ ...wireCall, function: { name: 'weather', arguments: '' } }] },
      { role: 'assistant', content: null, toolCalls: [{ ...call, arguments: {} }] },
    ],
    [
      { role: 'tool', tool_call_id: 'c1', content: '{"degrees":20}' },
      { role: 'tool', toolCallId: 'c1', content: '{"degrees":20}' },
    ],
  ])('%j', async (message, read) => {
    expect((await asked({ messages: [user, message] }))[0].messages).toEqual([user, read]);
  });
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect } from '../api/connect.ts';
import { createChat } from '../chat/create-chat.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatPart, Chatting } from '../loaded-model/chatting.ts';
import type { Message } from '../loaded-model/message.ts';
import type { RemoteModel } from '../loaded-model/remote-model.ts';
import { type Answer, answer, type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

const to = (server: ScriptedServer): RemoteModel => connect({ baseURL: server.url, model: 'a/b' });
const hello: Message[] = [{ role: 'user', content: 'Hello!' }];
const partsOf = async (chatting: Chatting): Promise<ChatPart[]> => {
  const parts: ChatPart[] = [];
  for await (const part of chatting) parts.push(part);
  return parts;
};
/** A piece of a call, as most servers send it. */
const call = (index: number, text: string, id?: string, name?: string): object => ({
  tool_calls: [{ index, ...(id && { id, type: 'function' }), function: { ...(name && { name }), arguments: text } }],
});
const calling = (...deltas: object[]): Answer => ({ events: answer(deltas, 'tool_calls') });
const saying = (...texts: string[]): Answer => ({ events: answer(texts.map((content) => ({ content }))) });
const parameters = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };

describe('chat on a server', () => {
  it('streams, and gives the whole', async () => {
    await using server = await startScriptedServer([saying('\n\nHel', 'lo ', '🦜')]);
    const chatting = to(server).chat(hello);
    expect(await partsOf(chatting)).toEqual([{ text: 'Hel' }, { text: 'lo' }, { text: ' 🦜' }]);
    const message = { role: 'assistant', content: 'Hello 🦜' };
    expect(await chatting).toMatchObject({
      ...{ text: 'Hello 🦜', reasoning: '', toolCalls: [], message, messages: [message], finishReason: 'stop' },
      usage: { promptTokens: 9, cachedTokens: 0, generatedTokens: 3, reasoningTokens: 0, forcedTokens: 0 },
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0].path).toBe('/v1/chat/completions');
    expect(server.requests[0].body).toEqual({
      ...{ model: 'a/b', stream: true, stream_options: { include_usage: true }, max_tokens: 1024 },
      messages: [{ role: 'user', content: 'Hello!' }],
    });
  });

  it('asks for what was given, in the names of the servers', async () => {
    await using server = await startScriptedServer([saying('x')]);
    await to(server).chat([...hello, { role: 'assistant', content: 'I' }], {
      ...{ maxNewTokens: 9, topK: 5, logprobs: 3, thinking: false, continueMessage: true, parallelToolCalls: false },
      ...{ tools: { weather: { description: 'd', parameters } }, toolChoice: { tool: 'weather' } },
    });
    expect(server.requests[0].body).toMatchObject({
      ...{ max_tokens: 9, top_k: 5, logprobs: true, top_logprobs: 3, parallel_tool_calls: false },
      ...{ continue_final_message: true, add_generation_prompt: false },
      chat_template_kwargs: { enable_thinking: false, thinking: false },
      tools: [{ type: 'function', function: { name: 'weather', description: 'd', parameters } }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    });
  });

  it.each(['reasoning', 'reasoning_content'])(
    'tells thoughts from the answer, and sends them back in the field they came in: %s',
    async (field) => {
      const usage = { completion_tokens: 9, completion_tokens_details: { reasoning_tokens: 6 } };
      const thought = [{ [field]: '\nHm' }, { [field]: 'm.\n', content: null }, { content: 'Yes.' }];
      await using server = await startScriptedServer([{ events: [...answer(thought), { choices: [], usage }] }]);
      const model = to(server);
      const chatting = model.chat(hello);
      expect(await partsOf(chatting)).toEqual([{ reasoning: 'Hm' }, { reasoning: 'm.' }, { text: 'Yes.' }]);
      const { reasoning, text, messages, usage: counted } = await chatting;
      expect({ reasoning, text }).toEqual({ reasoning: 'Hmm.', text: 'Yes.' });
      expect(counted).toMatchObject({ generatedTokens: 9, reasoningTokens: 6 });
      await model.chat([...hello, ...messages, ...hello]);
      expect(server.requests[1].body.messages[1]).toEqual({ role: 'assistant', content: 'Yes.', [field]: 'Hmm.' });
    },
  );

  it('keeps thoughts to itself where the server never sent any', async () => {
    await using server = await startScriptedServer([saying('x')]);
    await to(server).chat([...hello, { role: 'assistant', content: 'a', reasoning: 'b' }, ...hello]);
    expect(server.requests[0].body.messages[1]).toEqual({ role: 'assistant', content: 'a' });
  });

  it('asks for less where nobody asked for so much', async () => {
    const message = "This model's maximum context length is 1000 tokens.";
    await using server = await startScriptedServer(({ body }) =>
      'max_tokens' in body ? { status: 400, body: { error: { message, code: 400 } } } : saying('x'),
    );
    expect((await to(server).chat(hello)).text).toBe('x');
    await expect(Promise.resolve(to(server).chat(hello, { maxNewTokens: 1024 }))).rejects.toMatchObject({
      code: 'CONTEXT_OVERFLOW',
    });
  });

  it('holds a conversation with createChat', async () => {
    await using server = await startScriptedServer([saying('One.'), saying('Two.')]);
    const chat = createChat(to(server), { system: 'Be short.' });
    await chat.send('a');
    expect((await chat.send('b')).text).toBe('Two.');
    expect(server.requests[1].body.messages).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'One.' },
      { role: 'user', content: 'b' },
    ]);
  });

  it.each<[string, Message[], ChatOptions, string]>([
    ['template', hello, { template: 'plain' }, 'template cannot be asked of a server'],
    ['no messages', [], {}, 'There are no messages'],
    ['a tool that is none', hello, { toolChoice: { tool: 'x' } }, "toolChoice.tool is 'x'"],
    [
      'choices beside tools',
      hello,
      { tools: { weather: { parameters } }, constraint: { choices: ['a'] } },
      'constraint with choices or regex cannot be asked of a server beside tools',
    ],
  ])('refuses before anything is sent: %s', async (_, messages, options, message) => {
    await using server = await startScriptedServer([saying('x')]);
    await expect(Promise.resolve(to(server).chat(messages, options))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message),
    });
    expect(server.requests).toEqual([]);
  });

  it('an abort keeps what was said, and ends the request', async () => {
    await using server = await startScriptedServer([
      { stallAfter: answer([{ content: 'Hello' }, call(0, '{"pla', 'c1', 'weather')]).slice(0, 3) },
    ]);
    const controller = new AbortController();
    const chatting = to(server).chat(hello, { signal: controller.signal, tools: { weather: { parameters } } });
    for await (const { text } of chatting) if (text) setTimeout(() => controller.abort(), 20);
    expect(await chatting).toMatchObject({ text: 'Hello', toolCalls: [], finishReason: 'aborted' });
    await expect.poll(() => server.abandoned).toBe(1);
  });
});

describe('calls of tools', () => {
  const tools = { weather: { parameters }, time: {} };
  const rain = { id: 'c1', name: 'weather', arguments: { place: 'Bergen' } };
  const clock = { id: 'c2', name: 'time', arguments: {} };

  it.each<[string, object[]]>([
    [
      'in pieces, one after the other',
      [call(0, '', 'c1', 'weather'), call(0, '{"pla'), call(0, 'ce":"Bergen"}'), call(1, '', 'c2', 'time')],
    ],
    [
      'in pieces, interleaved',
      [call(0, '{"place"', 'c1', 'weather'), call(1, '{', 'c2', 'time'), call(0, ':"Bergen"}'), call(1, '}')],
    ],
    ['whole', [call(0, '{"place":"Bergen"}', 'c1', 'weather'), call(1, '{}', 'c2', 'time')]],
    ['whole, all with one index', [call(0, '{"place":"Bergen"}', 'c1', 'weather'), call(0, '{}', 'c2', 'time')]],
    [
      'whole, in one chunk, without indices, with objects',
      [
        {
          tool_calls: [
            { id: 'c1', function: { name: 'weather', arguments: { place: 'Bergen' } } },
            { id: 'c2', function: { name: 'time', arguments: null } },
          ],
        },
      ],
    ],
    [
      'with name and id in each piece',
      [call(0, '{"place":', 'c1', 'weather'), call(0, '"Bergen"}', 'c1', 'weather'), call(1, '{}', 'c2', 'time')],
    ],
  ])('come whole, however the server sends them: %s', async (_, deltas) => {
    await using server = await startScriptedServer([calling({ content: 'Let me see.\n\n' }, ...deltas)]);
    const chatting = to(server).chat(hello, { tools });
    expect(await partsOf(chatting)).toEqual([{ text: 'Let me see.' }, { toolCall: rain }, { toolCall: clock }]);
    expect(await chatting).toMatchObject({
      ...{ text: 'Let me see.', toolCalls: [rain, clock], finishReason: 'tool-calls' },
      message: { role: 'assistant', content: 'Let me see.', toolCalls: [rain, clock] },
    });
  });

  it('get an id where the server gives none', async () => {
    await using server = await startScriptedServer([calling({ tool_calls: [{ function: { name: 'time' } }] })]);
    const { toolCalls } = await to(server).chat(hello, { tools });
    expect(toolCalls).toEqual([{ id: expect.stringMatching(/^\w{9}$/), name: 'time', arguments: {} }]);
  });

  it.each(['{"place":', '[1]', 'Bergen', 'null'])(
    'whose arguments are no JSON object are INTEGRITY: %s',
    async (text) => {
      await using server = await startScriptedServer([calling(call(0, text, 'c1', 'weather'))]);
      await expect(Promise.resolve(to(server).chat(hello, { tools }))).rejects.toMatchObject({
        code: 'INTEGRITY',
        message: expect.stringContaining(`'weather' whose arguments are no JSON object: '${text}'`),
      });
    },
  );

  it('that the limit cut are left out, those before it stay', async () => {
    for (const [cut, left] of [
      [[call(0, '{"pla', 'c1', 'weather')], []],
      [[call(0, '', 'c1', 'weather')], []],
      [[call(0, '{"place":"Bergen"}', 'c1', 'weather'), call(1, '{"a', 'c2', 'time')], [rain]],
    ] as const) {
      await using server = await startScriptedServer([{ events: answer([...cut], 'length') }]);
      const { toolCalls, finishReason } = await to(server).chat(hello, { tools });
      expect({ toolCalls, finishReason }).toEqual({
        toolCalls: left,
        finishReason: left.length > 0 ? 'tool-calls' : 'length',
      });
    }
  });

  it('run here, and their results go to the server; a choice holds for the first answer', async () => {
    await using server = await startScriptedServer([
      calling(call(0, '{"place":"Bergen"}', 'c1', 'weather'), call(1, '{"place":"Rome"}', 'c2', 'weather')),
      saying('Rain.'),
    ]);
    const execute = ({ place }: { place: string }): unknown => {
      if (place === 'ROME') throw new Error('no such place');
      return { sky: 'rain', place };
    };
    const weather = { parameters: z.object({ place: z.string().toUpperCase() }), execute };
    const chatting = to(server).chat(hello, { tools: { weather }, toolChoice: 'required' });
    const parts = await partsOf(chatting);
    expect(parts.filter(({ toolResult }) => toolResult)).toMatchObject([
      { toolResult: { toolCallId: 'c1', content: '{"sky":"rain","place":"BERGEN"}', isError: false } },
      { toolResult: { toolCallId: 'c2', content: 'no such place', isError: true } },
    ]);
    const { text, finishReason, messages, usage } = await chatting;
    expect({ text, finishReason }).toEqual({ text: 'Rain.', finishReason: 'stop' });
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'assistant']);
    expect(usage).toMatchObject({ promptTokens: 18, generatedTokens: 3 });
    const [first, second] = server.requests.map(({ body }) => body);
    expect([first.tool_choice, second.tool_choice]).toEqual(['required', 'auto']);
    expect(first.tools[0].function.parameters).toMatchObject(parameters);
    const sent = (id: string, place: string): object => ({
      ...{ id, type: 'function' },
      function: { name: 'weather', arguments: JSON.stringify({ place }) },
    });
    expect(second.messages).toEqual([
      { role: 'user', content: 'Hello!' },
      { role: 'assistant', content: null, tool_calls: [sent('c1', 'Bergen'), sent('c2', 'Rome')] },
      { role: 'tool', tool_call_id: 'c1', content: '{"sky":"rain","place":"BERGEN"}' },
      { role: 'tool', tool_call_id: 'c2', content: 'no such place' },
    ]);
  });

  it('are handed out where one cannot run here, and end with maxSteps', async () => {
    await using server = await startScriptedServer([calling(call(0, '{"place":"x"}', 'c1', 'weather'))]);
    const execute = (): string => 'again';
    const asked = (options: ChatOptions) => to(server).chat(hello, options);
    expect((await asked({ tools: { weather: { parameters } } })).toolCalls).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
    const { messages } = await asked({ tools: { weather: { parameters, execute } }, maxSteps: 3 });
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant', 'tool', 'assistant']);
    expect(server.requests).toHaveLength(4);
  });

  it('are not possible with toolChoice none: the server hears of no tools', async () => {
    await using server = await startScriptedServer([saying('x')]);
    await to(server).chat(hello, { tools, toolChoice: 'none' });
    for (const field of ['tools', 'tool_choice']) expect(server.requests[0].body).not.toHaveProperty(field);
  });
});

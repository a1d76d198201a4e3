import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../loaded-model/chatting.ts';
import type { LoadedModel } from '../loaded-model/loaded-model.ts';
import { runChat } from './run-chat.ts';
import { chatTemplate } from './testing/chat-model.ts';
import { loadChatModel } from './testing/load-chat-model.ts';
import { scriptedModel } from './testing/scripted-model.ts';

let model: LoadedModel;
beforeAll(async () => {
  model = await loadChatModel();
});
afterAll(() => model.dispose());

const thinkingTemplate = `${chatTemplate}{%- if add_generation_prompt %}{{- '<think>\\n' }}{%- endif %}`;
const clock = { description: 'The time.', execute: () => '12:00' };

/** What a model that says such things in a row gives, and its parts by kind. */
async function say(answers: readonly string[], options: ChatOptions = {}): Promise<ChatResult & { parts: ChatPart[] }> {
  const parts: ChatPart[] = [];
  const result = await runChat(
    scriptedModel(model, answers),
    [{ role: 'user', content: 'Hello!' }],
    options,
    (part) => parts.push(part),
    new AbortController().signal,
  );
  return { ...result, parts };
}

describe('thoughts', () => {
  it('are told apart from the answer, and counted', async () => {
    const { text, reasoning, usage, message } = await say(['<think>\nHm.\n</think>\n\nHi there.']);
    expect({ text, reasoning }).toEqual({ text: 'Hi there.', reasoning: 'Hm.' });
    // Bytes: "\nHm.\n" and what ends them.
    expect(usage.reasoningTokens).toBe(6);
    expect(message).toEqual({ role: 'assistant', content: 'Hi there.', reasoning: 'Hm.' });
  });

  it('that the template begins are thoughts from the first word', async () => {
    const { text, reasoning } = await say(['<think>\nHm.</think>Hi.'], { template: thinkingTemplate });
    expect({ text, reasoning }).toEqual({ text: 'Hi.', reasoning: 'Hm.' });
  });

  it('that do not end leave no answer', async () => {
    expect(await say(['<think>\nHm'], { template: thinkingTemplate })).toMatchObject({ text: '', reasoning: 'Hm' });
    expect(await say(['<think>\nHm, well'], { maxNewTokens: 3 })).toMatchObject({
      reasoning: 'H',
      finishReason: 'length',
    });
  });

  it('are none where a tag stands amid the answer', async () => {
    const { text, reasoning } = await say(['One writes <think> there.']);
    expect({ text, reasoning }).toEqual({ text: 'One writes <think> there.', reasoning: '' });
  });

  it('are switched where the template can, and else refused', async () => {
    const { text } = await say(['<think>\n\n</think>\n\nHi.'], { thinking: false });
    expect(text).toBe('Hi.');
    await expect(say([''], { template: '{{ messages[0].content }}', thinking: true })).rejects.toThrow('no switch');
  });
});

describe('special tokens', () => {
  it('that are drawn amid an answer or thoughts are not shown, and are among its ids', async () => {
    const { text, reasoning, parts, usage } = await say([
      '<think>Hm<|im_start|>.</think>Hi<|im_start|> there<|endoftext|>.',
    ]);
    expect({ text, reasoning }).toEqual({ text: 'Hi there.', reasoning: 'Hm.' });
    expect(parts.map((part) => part.text ?? '').join('')).toBe('Hi there.');
    // Bytes, five of them, and two tags with two of the specials; the last one has ended nothing here.
    expect(usage.generatedTokens).toBe('Hm.Hi there.'.length + 5);
  });
});

describe('calls', () => {
  const call = '<tool_call>\n{"name": "clock", "arguments": {}}\n</tool_call>';

  it('that the model begins by itself are run, and it answers with the results', async () => {
    const { text, messages, parts, usage } = await say([`Let me see.${call}`, 'It is noon.'], { tools: { clock } });
    expect(text).toBe('It is noon.');
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
    expect(messages[0]).toMatchObject({ content: 'Let me see.', toolCalls: [{ name: 'clock', arguments: {} }] });
    expect(messages[1]).toMatchObject({ content: '12:00' });
    expect(parts.map((part) => Object.keys(part)[0])).toEqual(['text', 'toolCall', 'toolResult', 'text']);
    expect(usage.generatedTokens).toBeGreaterThan(usage.forcedTokens);
  });

  it('whose results are not waited for any more leave a conversation that can go on', async () => {
    const controller = new AbortController();
    const execute = (): Promise<never> => {
      controller.abort();
      return new Promise(() => {});
    };
    const { messages, finishReason, toolCalls } = await runChat(
      scriptedModel(model, [`Let me see.${call}`]),
      [{ role: 'user', content: 'Hello!' }],
      { tools: { clock: { execute } } },
      () => {},
      controller.signal,
    );
    expect({ messages, finishReason, toolCalls }).toEqual({
      messages: [{ role: 'assistant', content: 'Let me see.' }],
      finishReason: 'aborted',
      toolCalls: [],
    });
  });

  it('come several in a row, or one', async () => {
    const both = `${call}\n${call}`;
    const tools = { clock: { ...clock, execute: undefined } };
    expect((await say([both], { tools })).toolCalls).toHaveLength(2);
    expect((await say([both], { tools, parallelToolCalls: false })).toolCalls).toHaveLength(1);
  });

  it('without `execute` are handed over', async () => {
    const { toolCalls, finishReason } = await say([call], { tools: { clock: { description: 'The time.' } } });
    expect(finishReason).toBe('tool-calls');
    expect(toolCalls[0].id).toMatch(/^[a-zA-Z0-9]{9}$/);
  });

  it('end after maxSteps', async () => {
    const { messages, finishReason } = await say([call, call, call], { tools: { clock }, maxSteps: 2 });
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
    expect(finishReason).toBe('tool-calls');
  });

  it('are none with toolChoice none, and with no tools', async () => {
    expect(await say([call], { tools: { clock }, toolChoice: 'none' })).toMatchObject({ text: call, toolCalls: [] });
    expect(await say([call])).toMatchObject({ text: call, toolCalls: [] });
  });

  it('win over the form of an answer where the model begins one', async () => {
    const options = { tools: { clock }, constraint: { jsonSchema: { type: 'object' } } };
    // The template is told not to think, and says that it has thought.
    const thought = '<think>\n\n</think>\n\n';
    const answer = `${thought}{"at": 12}`;
    expect(await say([thought + call, answer], options)).toMatchObject({ text: '{"at": 12}', finishReason: 'stop' });
    expect((await say([answer], options)).messages).toHaveLength(1);
  });
});

it('stops at the stop texts of the answer, not at those within thoughts', async () => {
  const { text, reasoning } = await say(['<think>a. b.</think>c. d.'], { stop: ['.'] });
  expect({ text, reasoning }).toEqual({ text: 'c', reasoning: 'a. b.' });
});

it('refuses contradictions, in the names of the options', async () => {
  await expect(say([''], { toolChoice: 'required' })).rejects.toThrow('there are no tools');
  await expect(say([''], { tools: { clock }, toolChoice: { tool: 'watch' } })).rejects.toThrow(
    'one of the tools: clock',
  );
  await expect(say([''], { tools: { 'a b': clock } })).rejects.toThrow("A tool is named 'a b'");
  await expect(say([''], { continueMessage: true })).rejects.toThrow("an assistant's message at the end");
  await expect(say([''], { numBeams: 2 } as ChatOptions)).rejects.toThrow("no option 'numBeams'");
});

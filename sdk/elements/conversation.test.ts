import { describe, expect, it } from 'vitest';
import { chatModelFiles } from '../chat/testing/chat-model.ts';
import type { ChatModel } from '../loaded-model/chat-options.ts';
import type { Message } from '../loaded-model/message.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { Conversation } from './conversation.ts';
import { type Script, scriptedModel, words } from './testing/scripted-model.ts';

/** A conversation, and what its element heard. */
function converse(model: ChatModel, system?: string) {
  const heard: { messages: Message[]; errors: unknown[]; drafts: string[] } = { messages: [], errors: [], drafts: [] };
  const conversation: Conversation = new Conversation({
    ready: async () => model,
    settings: () => ({ system, options: {} }),
    onChange: (isDraft) => isDraft && heard.drafts.push(JSON.stringify(conversation.draft)),
    onMessage: (message) => heard.messages.push(message),
    onAnswer: () => {},
    onError: (error) => heard.errors.push(error),
  });
  return { conversation, heard };
}

const echo: Script = (messages) => words(`You said ${messages.at(-1)?.content}`);
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => expect.objectContaining({ role: 'assistant', content });

describe('a conversation', () => {
  it('asks with all that was said, and the system’s words first', async () => {
    const model = scriptedModel(echo);
    const { conversation, heard } = converse(model, 'Be terse.');
    await conversation.send('one');
    await conversation.send('two');
    expect(conversation.messages).toEqual([
      user('one'),
      assistant('You said one'),
      user('two'),
      assistant('You said two'),
    ]);
    expect(heard.messages).toEqual(conversation.messages);
    expect(model.asked[1].messages).toEqual([
      { role: 'system', content: 'Be terse.' },
      ...conversation.messages.slice(0, 3),
    ]);
    expect(heard.drafts).toHaveLength(6);
  });

  it('answers again in the place of the last answer', async () => {
    const { conversation } = converse(scriptedModel((_, turn) => words(`answer ${turn}`)));
    await conversation.send('one');
    await conversation.send('two');
    await conversation.regenerate();
    expect(conversation.messages).toEqual([user('one'), assistant('answer 1'), user('two'), assistant('answer 3')]);
  });

  it('keeps what was said until it was stopped, and tells a stop before the first word', async () => {
    const { conversation } = converse(scriptedModel(() => words('one two three'), 20));
    const first = conversation.send('count');
    await expect.poll(() => conversation.draft.length, { interval: 2 }).toBe(1);
    conversation.stop();
    await first;
    expect(conversation.messages.at(-1)).toEqual(assistant('one'));
    expect(conversation.problem).toBeUndefined();
    const second = conversation.send('again');
    conversation.stop();
    await second;
    expect(conversation.problem).toBe('stopped');
    expect(conversation.messages.at(-1)).toEqual(user('again'));
  });

  it('tries again after an error; a new message takes the place of one without an answer', async () => {
    const failing: Script = (_, turn) => (turn < 3 ? [...words('half an'), new Error('gone')] : words('whole'));
    const model = scriptedModel(failing);
    const { conversation, heard } = converse(model);
    await conversation.send('one');
    expect(conversation.problem).toEqual({ error: new Error('gone') });
    expect(conversation.draft).toEqual([assistant('half an')]);
    await conversation.regenerate();
    await conversation.send('two');
    expect(heard.errors).toHaveLength(2);
    expect(conversation.problem).toBeUndefined();
    expect(conversation.messages).toEqual([user('two'), assistant('whole')]);
    expect(model.asked[2].messages).toEqual([user('two')]);
  });

  it('that goes on from other messages leaves a running answer to itself', async () => {
    const { conversation, heard } = converse(scriptedModel(() => words('one two three'), 5));
    const first = conversation.send('count');
    await expect.poll(() => conversation.draft.length, { interval: 1 }).toBe(1);
    conversation.replace([]);
    await first;
    expect(conversation.messages).toEqual([]);
    expect(heard.messages).toEqual([user('count')]);
    await conversation.send('once more');
    expect(conversation.messages).toHaveLength(2);
  });

  it('with a real model pays in its second turn for what is new', async () => {
    const model = await loadModelHere(chatModelFiles(), resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
    const usage: { promptTokens: number; cachedTokens: number }[] = [];
    const conversation: Conversation = new Conversation({
      ready: async () => model,
      settings: () => ({ system: 'Be terse.', options: { maxNewTokens: 12, seed: 1 } }),
      onChange: () => {},
      onMessage: () => {},
      onAnswer: (result) => usage.push(result.usage),
      onError: (error) => {
        throw error;
      },
    });
    await conversation.send('one');
    await conversation.send('two');
    await model.dispose();
    expect(usage[1].cachedTokens).toBeGreaterThanOrEqual(usage[0].promptTokens);
  });
});

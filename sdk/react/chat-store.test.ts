import { describe, expect, it } from 'vitest';
import { chatModelFiles } from '../chat/testing/chat-model.ts';
import type { Message } from '../loaded-model/message.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { ChatStore } from './chat-store.ts';
import { type Script, scriptedModel } from './testing/scripted-model.ts';

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const call = { id: 'c1', name: 'weather', arguments: { place: 'Oslo' } };
const rain: Message = { role: 'tool', toolCallId: 'c1', content: 'rain' };

function storeOf(messages: readonly Message[], ...scripts: Script[]) {
  const store = new ChatStore(messages);
  const model = scriptedModel(...scripts);
  store.model.set(model);
  return { store, asked: model.asked };
}

/** Until the answer has begun to show. */
const untilStreaming = (store: ChatStore): Promise<void> =>
  new Promise((resolve) => store.subscribe(() => store.get().status === 'streaming' && resolve()));

const long = Array.from({ length: 60 }, (_, i) => ({ text: ` ${i}` }));

describe('a conversation', () => {
  it('streams an answer into its last message and sends what was said before', async () => {
    const { store, asked } = storeOf([user('a'), assistant('b')], { parts: long.slice(0, 30) });
    store.options = { system: 'Be terse.' };
    const shown: (readonly Message[])[] = [];
    store.subscribe(() => shown.push(store.get().messages));
    const result = await store.send('c');
    expect(asked.map(({ messages }) => messages)).toEqual([
      [{ role: 'system', content: 'Be terse.' }, user('a'), assistant('b'), user('c')],
    ]);
    expect(shown[0]).toEqual([user('a'), assistant('b'), user('c')]);
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.length, 'not every token is told').toBeLessThan(15);
    for (const messages of shown.slice(1)) {
      expect(messages).toHaveLength(4);
      expect(result?.text.startsWith(String(messages[3].content))).toBe(true);
    }
    expect(store.get()).toMatchObject({ status: 'ready', error: undefined });
    expect(store.get().messages.at(-1)).toEqual(result?.message);
  });

  it('shows thoughts, calls and their results as they come', async () => {
    const said: Message[] = [
      { ...assistant(''), reasoning: 'Hm.', toolCalls: [call] } as Message,
      rain,
      assistant('Rain.'),
    ];
    const { store } = storeOf([], {
      parts: [
        { reasoning: 'H' },
        { reasoning: 'm.' },
        { toolCall: call },
        ...Array(12).fill({}),
        {
          toolResult: { toolCallId: 'c1', name: 'weather', content: 'rain', isError: false },
        },
        { text: 'Rain' },
        ...Array(12).fill({}),
        { text: '.' },
      ],
      messages: said,
    });
    const shown: string[] = [];
    store.subscribe(() => shown.push(JSON.stringify(store.get().messages.slice(1))));
    await store.send('Weather?');
    expect(shown).toContain(JSON.stringify(said.slice(0, 1)));
    expect(shown).toContain(JSON.stringify([...said.slice(0, 2), assistant('Rain')]));
    expect(store.get().messages).toEqual([user('Weather?'), ...said]);
  });

  it('takes results of tools that it cannot run itself', async () => {
    const { store, asked } = storeOf(
      [],
      { parts: [{ toolCall: call }], messages: [{ ...assistant(''), toolCalls: [call] } as Message] },
      { parts: [{ text: 'Rain.' }] },
    );
    await store.send('Weather?');
    await store.send([rain as Extract<Message, { role: 'tool' }>]);
    expect(asked[1].messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(store.get().messages.at(-1)).toEqual(assistant('Rain.'));
  });

  it('that is stopped keeps what came, but no call without its result', async () => {
    const { store, asked } = storeOf(
      [],
      { parts: [{ text: 'Let me see.' }, { toolCall: call }, ...long] },
      { parts: [] },
    );
    const sending = store.send('Weather?');
    await untilStreaming(store);
    store.stop();
    expect(store.get().status).toBe('ready');
    const [question, answer] = store.get().messages;
    expect(question).toEqual(user('Weather?'));
    expect(answer).not.toHaveProperty('toolCalls');
    expect(answer.content).toMatch(/^Let me see\./);
    expect(await sending).toBeUndefined();
    expect(store.get().messages[1], 'nothing comes later').toBe(answer);
    await store.send('Well?');
    expect(asked[1].messages).toEqual([question, answer, user('Well?')]);
  });

  it('sends the next message in the place of an answer that runs', async () => {
    const { store, asked } = storeOf([], { parts: long }, { parts: [{ text: 'Yes.' }] });
    const first = store.send('a');
    await untilStreaming(store);
    const partial = store.get().messages[1];
    expect((await store.send('b'))?.text).toBe('Yes.');
    expect(await first).toBeUndefined();
    expect(asked[1].messages[0]).toEqual(user('a'));
    expect(String(asked[1].messages[1].content).startsWith(String(partial.content))).toBe(true);
    expect(store.get().messages.slice(2)).toEqual([user('b'), assistant('Yes.')]);
  });

  it('keeps the question of an answer that failed, for another try', async () => {
    const error = new Error('lost');
    const { store, asked } = storeOf([], { parts: [{ text: 'He' }], error }, { parts: [{ text: 'Hello.' }] });
    expect(await store.send('Hi')).toBeUndefined();
    expect(store.get()).toMatchObject({ status: 'error', error });
    expect(store.get().messages).toEqual([user('Hi'), assistant('He')]);
    await store.regenerate();
    expect(asked[1].messages).toEqual([user('Hi')]);
    expect(store.get()).toMatchObject({
      status: 'ready',
      error: undefined,
      messages: [user('Hi'), assistant('Hello.')],
    });
  });

  it('answers an edited message, and forgets what came after it', async () => {
    const { store, asked } = storeOf([user('a'), assistant('b'), user('c'), assistant('d')], {
      parts: [{ text: 'B' }],
    });
    await store.edit(0, 'A');
    expect(asked.map(({ messages }) => messages)).toEqual([[user('A')]]);
    expect(store.get().messages).toEqual([user('A'), assistant('B')]);
    expect(await store.edit(1, 'x')).toBeUndefined();
    expect(store.get()).toMatchObject({ status: 'error', error: { code: 'INVALID_OPTION' } });
    expect(store.get().messages, 'nothing is lost').toHaveLength(2);
  });

  it('has no question to answer again at first', async () => {
    const { store } = storeOf([]);
    await store.regenerate();
    expect(store.get()).toMatchObject({ status: 'error', error: { code: 'INVALID_OPTION' } });
  });

  it('does not begin before there is a model', async () => {
    const store = new ChatStore([]);
    const sending = store.send('Hi');
    expect(store.get()).toMatchObject({ status: 'submitted', messages: [user('Hi')] });
    store.model.set(scriptedModel({ parts: [{ text: 'Hello.' }] }));
    expect((await sending)?.text).toBe('Hello.');
  });

  it('tells what is no option, by its name', async () => {
    const model = await loadModelHere(chatModelFiles(), load);
    const store = new ChatStore([]);
    store.model.set(model);
    store.options = { temprature: 0 } as never;
    await store.send('Hi');
    expect(String(store.get().error)).toMatch(/'temprature'; did you mean 'temperature'/);
    await model.dispose();
  });

  it('with a real model leaves the same turns out of the prompt as the turn before, so that it is cached', async () => {
    const model = await loadModelHere(chatModelFiles(), { ...load, contextLength: 160 });
    const store = new ChatStore([]);
    store.model.set(model);
    store.options = { maxNewTokens: 4, seed: 1 };
    let last: Awaited<ReturnType<typeof store.send>>;
    for (const question of ['one', 'two', 'three', 'four']) last = await store.send(question);
    expect(store.get()).toMatchObject({ status: 'ready', error: undefined });
    expect(store.get().messages.filter(({ role }) => role === 'user')).toHaveLength(4);
    expect(last?.usage.promptTokens).toBeLessThan(160);
    const next = await store.send('five');
    expect(next?.usage.cachedTokens).toBeGreaterThan(0);
    await model.dispose();
  });
});

const load = {
  backend: 'wasm',
  dtype: 'f32',
  contextLength: undefined,
  threads: 1,
  cache: false,
  hub: undefined,
} as const;

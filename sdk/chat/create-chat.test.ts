import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LoadedModel } from '../loaded-model/loaded-model.ts';
import { createChat } from './create-chat.ts';
import { loadChatModel } from './testing/load-chat-model.ts';

let model: LoadedModel;
beforeAll(async () => {
  model = await loadChatModel();
});
afterAll(() => model.dispose());

const short = { maxNewTokens: 8, seed: 1 };

it('keeps a conversation, and pays in each turn for what is new', async () => {
  const chat = createChat(model, { system: 'Be brief.', ...short });
  const first = await chat.send('Who was Ada Lovelace?');
  const second = await chat.send('When was she born?');
  expect(chat.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant']);
  expect(chat.messages[2]).toEqual(first.message);
  expect(second.usage.cachedTokens).toBeGreaterThanOrEqual(first.usage.promptTokens + first.usage.generatedTokens - 1);
});

it('regenerates and edits on the prefix that they have in common', async () => {
  const chat = createChat(model, { system: 'A long text that both have in common.', ...short });
  const first = await chat.send('One.');
  const again = await chat.regenerate({ seed: 2 });
  expect(again.usage.cachedTokens).toBeGreaterThanOrEqual(first.usage.promptTokens - 1);
  expect(chat.messages).toHaveLength(3);
  const edited = await chat.edit(1, 'Two.');
  expect(edited.usage.cachedTokens).toBeGreaterThan(30);
  expect(chat.messages.slice(1)).toEqual([{ role: 'user', content: 'Two.' }, edited.message]);
});

it('branches, saves and restores', async () => {
  const chat = createChat(model, short);
  await chat.send('One.');
  const branch = chat.branch();
  await branch.send('Two.');
  expect(chat.messages).toHaveLength(2);
  expect(branch.messages).toHaveLength(4);
  const restored = createChat(model);
  restored.restore(branch.save());
  expect(restored.messages).toEqual(branch.messages);
  expect(() => restored.restore('{}')).toThrow('saved.version is undefined');
});

it('serves calls that overlap one after the other', async () => {
  const chat = createChat(model, short);
  await Promise.all([chat.send('One.'), chat.send('Two.')]);
  expect(chat.messages.map(({ role, content }) => (role === 'user' ? content : role))).toEqual([
    'One.',
    'assistant',
    'Two.',
    'assistant',
  ]);
});

it('takes a message back that could not be answered', async () => {
  const chat = createChat(model, short);
  await expect(chat.send('One.', { template: 'no such' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  expect(chat.messages).toEqual([]);
  await chat.send('Two.');
  expect(chat.messages).toHaveLength(2);
});

it('leaves the oldest turns out of a context that is full, whole, and keeps what the system says', async () => {
  const small = await loadChatModel({ contextLength: 256 });
  const chat = createChat(small, { system: 'Be brief.', ...short });
  const prompts: number[] = [];
  for (let turn = 0; turn < 12; turn++)
    prompts.push((await chat.send(`Turn ${turn}: ${'x'.repeat(20)}`)).usage.promptTokens);
  expect(chat.messages).toHaveLength(25);
  expect(Math.max(...prompts)).toBeLessThanOrEqual(256 - 8);
  // Dropped down to three quarters, so that it does not happen in every turn.
  const drops = prompts.filter((tokens, turn) => tokens < (prompts[turn - 1] ?? 0));
  expect(drops.length).toBeGreaterThan(0);
  expect(drops.length).toBeLessThan(6);

  const strict = createChat(small, { ...short, onOverflow: 'error', messages: chat.messages });
  await expect(strict.send('More.')).rejects.toMatchObject({ code: 'CONTEXT_OVERFLOW' });
  const summed = createChat(small, {
    ...short,
    messages: chat.messages,
    onOverflow: (messages) => [messages[0], { role: 'user', content: `${messages.length} messages.` }],
  });
  await summed.send('More.');
  expect(summed.messages[1]).toEqual({ role: 'user', content: '26 messages.' });
  await small.dispose();
});

it('refuses what is no model and what is no option', () => {
  expect(() => createChat({} as LoadedModel)).toThrow('model.chat is undefined; it must be a function');
  expect(() => createChat(model, { sistem: 'x' } as object)).toThrow("did you mean 'system'?");
  expect(() => createChat(model, { messages: [{ role: 'bot', content: 'x' }] as never })).toThrow(
    "messages[0].role is 'bot'",
  );
});

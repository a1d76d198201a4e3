import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatModelFiles, chatTemplate } from '../../chat/testing/chat-model.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../../loading/load-options.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { messagesItem } from './messages-item.ts';

const load = (change: Record<string, unknown> = {}): Promise<GptModel> =>
  loadModelHere(chatModelFiles(change), resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));

let model: GptModel;
beforeAll(async () => {
  model = await load();
});
afterAll(() => model.dispose());

const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello!' },
  { role: 'user', content: 'Bye' },
  { role: 'assistant', content: 'See you.' },
] as const;

/** What is learnt, as text. */
const learnt = ({ tokenizer }: GptModel, item: Awaited<ReturnType<typeof messagesItem>>['item']): string =>
  tokenizer.decode([...(item.sequences[0].targets ?? [])].filter((target) => target >= 0));

describe('messagesItem', () => {
  it("learns the assistant's words and what ends them", async () => {
    const { item, isCut } = await messagesItem(model, messages, 999, 'examples[0]');
    expect(isCut).toBe(false);
    expect(learnt(model, item)).toBe('Hello!<|im_end|>\nSee you.<|im_end|>\n');
    const [{ tokenIds, targets }] = item.sequences;
    expect(model.tokenizer.decode(tokenIds)).toContain('<|im_start|>user\nHi<|im_end|>');
    for (const [t, target] of targets?.entries() ?? []) if (target >= 0) expect(tokenIds[t + 1]).toBe(target);
  });

  it('keeps the end of a conversation that is too long', async () => {
    const { item, isCut } = await messagesItem(model, messages, 25, 'examples[0]');
    expect(isCut).toBe(true);
    expect(item.sequences[0].tokenIds).toHaveLength(25);
    expect(learnt(model, item)).toBe('See you.<|im_end|>\n');
  });

  it('learns the last answer alone where a template writes earlier ones in another way', async () => {
    const forgetful = chatTemplate.replace(
      "message.role + '\\n' + message.content",
      "message.role + '\\n' + (message.content if loop.last or message.role != 'assistant' else '…')",
    );
    expect(forgetful).not.toBe(chatTemplate);
    const other = await load({ chat_template: forgetful });
    const { item } = await messagesItem(other, messages, 999, 'examples[0]');
    expect(learnt(other, item)).toBe('See you.<|im_end|>\n');
    await other.dispose();
  });

  it('refuses a conversation without an answer', async () => {
    await expect(messagesItem(model, messages.slice(0, 2), 999, 'examples[3]')).rejects.toThrow(
      /^examples\[3\] has no answer of the assistant's/,
    );
  });
});

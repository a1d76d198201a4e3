import { expect, it } from 'vitest';
import { loadModel } from '../../api/load-model.ts';
import { chatModelFiles } from '../../chat/testing/chat-model.ts';
import { countTokens } from './count-tokens.ts';
import type { TokenUsage } from './server-metrics.ts';

it('a model tells of each generation, also of a chat’s and of one that is broken off', async () => {
  const told: TokenUsage[] = [];
  const model = countTokens(await loadModel(chatModelFiles()), (usage) => told.push(usage));
  const { usage } = await model.generate('Once', { maxNewTokens: 5 });
  expect(told).toEqual([usage]);
  const chat = await model.chat([{ role: 'user', content: 'Hello' }], { maxNewTokens: 6, seed: 1 });
  const sum = told.slice(1).reduce((tokens, { generatedTokens }) => tokens + generatedTokens, 0);
  expect(sum).toBe(chat.usage.generatedTokens);
  expect(sum).toBeGreaterThan(0);
  const before = told.length;
  for await (const _ of model.generate('Once', { maxNewTokens: 50, seed: 1 })) break;
  await expect.poll(() => told.length).toBe(before + 1);
  expect(told[before].generatedTokens).toBeLessThan(50);
  await expect(model.generate('Once', { maxNewTokens: -1 })).rejects.toThrow('maxNewTokens');
  await model.dispose();
});

// Tokens that join what the KV cache holds, several at once, in a model with GPT-Neo's window: what is beyond the window counts no more,
// and what the cache holds behind them, from a longer text before, counts nothing.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../../loading/load-options.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { createReferenceEngineBuilder } from '../reference/index.ts';
import { createWasmEngineBuilder } from './index.ts';
import { buildEngine, largestDifference, randomTensors, smallModel } from './testing/random-model.ts';

it.each([
  [256, [300, 257, 256, 255, 250, 1], [2, 3, 7, 20]],
  [8, [60, 17, 9, 8, 7, 1], [2, 5, 8, 9, 17]],
])('a window of %i: logits of the reference, wherever they join', async (window, positions, counts) => {
  const length = Math.max(...positions) + Math.max(...counts);
  const config = smallModel({ nCtx: length, attentionWindow: [0, window] });
  const tensors = randomTensors(config, 3);
  const random = seededRandom(11);
  const ids = Uint32Array.from({ length }, () => Math.floor(random() * config.vocabSize));
  const reference = await buildEngine(createReferenceEngineBuilder, config, tensors, { dtype: 'f32' });
  const engine = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype: 'f32' });
  const wanted = (await reference.forward(ids, 0, { logits: 'all' })).logits as Float32Array;
  const rows = (from: number, to: number) => wanted.subarray(from * config.vocabSize, to * config.vocabSize);
  await engine.forward(Uint32Array.from(ids).reverse(), 0);
  for (const position of positions) {
    await engine.forward(ids.subarray(0, position), 0, { logits: 'none' });
    for (const count of counts) {
      const joined = await engine.forward(ids.subarray(position, position + count), position, { logits: 'all' });
      const difference = largestDifference(joined.logits as Float32Array, rows(position, position + count));
      expect(difference, `${count} at ${position}`).toBeLessThan(1e-4);
    }
  }
  await engine.dispose();
});

let fresh: GptModel;
let warm: GptModel;
const load = () => loadModelHere('fixtures/gpt-neo-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
beforeAll(async () => {
  [fresh, warm] = [await load(), await load()];
});
afterAll(async () => {
  await fresh.dispose();
  await warm.dispose();
});

it('a prompt of which the cache holds the beginning gives what it gives from scratch, past the window too', async () => {
  const ids = Array.from({ length: 90 }, (_, i) => (i * 37 + 11) % 120);
  const options = { temperature: 0, maxNewTokens: 12, stopTokenIds: [], logprobs: 3 };
  for (const held of [1, 7, 8, 9, 16, 60]) {
    for (const joining of [1, 2, 5, 8, 9, 20]) {
      // Another text, so that the fresh model has nothing of this one, and the warm one only what it is given.
      for (const model of [fresh, warm]) await model.generate([119, 3, 5], { maxNewTokens: 30 });
      await warm.generate(ids.slice(0, held), { maxNewTokens: 0 });
      const prompt = ids.slice(0, held + joining);
      const [wanted, found] = [await fresh.generate(prompt, options), await warm.generate(prompt, options)];
      const where = `${joining} after ${held}`;
      expect([wanted.usage.cachedTokens, found.usage.cachedTokens], where).toEqual([0, held]);
      expect(found.tokenIds, where).toEqual(wanted.tokenIds);
      for (const [i, { logprob }] of (found.logprobs ?? []).entries())
        expect(Math.abs(logprob - (wanted.logprobs?.[i].logprob ?? NaN)), where).toBeLessThan(1e-4);
    }
  }
});

import { expect, it } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

/** Whether five tokens in a row come a second time. */
function loops(tokenIds: readonly number[]): boolean {
  const runs = tokenIds.slice(4).map((_, i) => tokenIds.slice(i, i + 5).join());
  return new Set(runs).size < runs.length;
}

it('writes without loops by what its generation_config.json says, and loops where that is overruled', async () => {
  const model = await loadModelHere('models/default', resolveLoadOptions({ backend: 'wasm' }));
  const write = async (options: object) =>
    Array.from((await model.generate('The little bird could not fly. It', { maxNewTokens: 100, ...options })).tokenIds);
  for (const options of [{ seed: 1 }, { seed: 2 }, { temperature: 0 }]) expect(loops(await write(options))).toBe(false);
  expect(loops(await write({ temperature: 0, repetitionPenalty: 1, noRepeatNgramSize: 0 }))).toBe(true);
  await model.dispose();
});

it('ends its text where it would write a token of the heads', async () => {
  const model = await loadModelHere('models/default', resolveLoadOptions({ backend: 'wasm' }));
  for (const tokenId of model.tokenizer.specialTokens.values()) {
    const { text, finishReason } = await model.generate('Once', { maxNewTokens: 5, logitBias: { [tokenId]: 100 } });
    expect({ text, finishReason }).toEqual({ text: '', finishReason: 'stop' });
  }
  await model.dispose();
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

// That the search finds what the hub's does, golden-decoding.test.ts shows; here is what becomes of it.
describe('a generation by beams', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadModelHere('models/default', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());

  it('is cut before a stop text, tokens and all', async () => {
    const options = { numBeams: 3, numSequences: 2, maxNewTokens: 12 };
    const whole = await model.generate('Once upon a time', options);
    expect(whole.finishReason).toBe('length');
    const stop = whole.text.slice(8, 16);
    const cut = await model.generate('Once upon a time', { ...options, stop: [stop] });
    expect(cut.text).toBe(whole.text.slice(0, 8));
    expect(cut.finishReason).toBe('stop');
    expect(cut.tokenIds).toEqual(whole.tokenIds.slice(0, cut.tokenIds.length));
    // The tokens go to where the stop text is complete, as they do without beams.
    const text = (tokens: number) => model.tokenizer.decode(whole.tokenIds.slice(0, tokens));
    expect(text(cut.tokenIds.length)).toContain(stop);
    expect(text(cut.tokenIds.length - 1)).not.toContain(stop);
    expect(cut.usage.generatedTokens).toBe(cut.tokenIds.length);
    expect(cut.sequences).toHaveLength(2);
  });

  it('of no token at all has a score', async () => {
    const { sequences, text } = await model.generate('Once', { numBeams: 2, maxNewTokens: 0 });
    expect(text).toBe('');
    expect(sequences).toEqual([{ text: '', tokenIds: [], score: 0 }]);
  });
});

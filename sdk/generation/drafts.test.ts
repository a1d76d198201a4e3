// Speculative decoding: the same tokens, whatever is drafted.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

const load = (folder: string, dtype: 'f32' | 'q8' | 'q4'): Promise<GptModel> =>
  loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype }));

describe.each(['q8', 'q4', 'f32'] as const)('drafts change no token, %s', (dtype) => {
  let model: GptModel;
  let draft: GptModel;
  beforeAll(async () => {
    model = await load('models/default', dtype);
    draft = await load('models/default', dtype === 'q4' ? 'q8' : 'q4');
  });
  afterAll(async () => {
    await model.dispose();
    await draft.dispose();
  });

  const story = 'Once upon a time there was a little cat named Tom. Tom liked to play. One day, Tom';
  const cases: [string, GenerateOptions][] = [
    ['greedy', { temperature: 0 }],
  ];
  it.each(cases)('%s', async (_, options) => {
    const plain = await model.generate(story, { maxNewTokens: 100, seed: 1, ...options });
    for (const guesser of ['prompt', draft] as const) {
      const drafted = await model.generate(story, { maxNewTokens: 100, seed: 1, ...options, draft: guesser });
      expect(drafted.tokenIds).toEqual(plain.tokenIds);
      console.log(dtype, drafted.usage, drafted.timings.tokensPerSecond, plain.timings.tokensPerSecond);
    }
  });
});

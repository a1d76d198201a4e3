import { cosineSimilarity, embed, embedMany, UnsupportedFunctionalityError } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { createGptlet } from './create-gptlet.ts';
import { scriptedModel } from './testing/scripted-model.ts';

describe('an embedding model', () => {
  let model: GptModel;
  const gptlet = createGptlet({ load: async () => model });
  beforeAll(async () => {
    model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());

  it('gives what model.embed gives, by embed and embedMany', async () => {
    const values = ['a cat', 'two cats', 'the tax office'];
    const { embeddings, usage, warnings } = await embedMany({ model: gptlet.embeddingModel('x/y'), values });
    const expected = await Promise.all(values.map(async (value) => [...(await model.embed(value))]));
    expect(embeddings).toEqual(expected);
    expect(embeddings[0]).toHaveLength(model.config.nEmbd);
    expect(usage.tokens).toBe(values.reduce((sum, value) => sum + model.tokenizer.count(value), 0));
    expect(warnings).toEqual([]);
    const { embedding } = await embed({ model: gptlet.embeddingModel(model), value: values[0] });
    expect(embedding).toEqual(expected[0]);
    expect(cosineSimilarity(embedding, embeddings[0])).toBeCloseTo(1, 6);
  });

  it('takes the options of embed as those of the provider', async () => {
    const providerOptions = { gptlet: { pooling: 'mean', normalize: true } };
    const { embedding } = await embed({ model: gptlet.embeddingModel('x/y'), value: 'a cat', providerOptions });
    expect(embedding).toEqual([...(await model.embed('a cat', { pooling: 'mean', normalize: true }))]);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });

  it('names an option that there is not', async () => {
    const providerOptions = { gptlet: { poling: 'mean' } };
    await expect(embed({ model: gptlet.embeddingModel('x/y'), value: 'a cat', providerOptions })).rejects.toMatchObject(
      { code: 'INVALID_OPTION', message: expect.stringContaining("'poling'") },
    );
  });

  it('warns that it cuts nothing', async () => {
    const { embeddings, warnings } = await gptlet.embeddingModel('x/y').doEmbed({ values: ['a'], dimensions: 2 });
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'dimensions' }]);
    expect(embeddings[0]).toHaveLength(model.config.nEmbd);
  });

  it('stops when it is told to', async () => {
    const abortSignal = AbortSignal.abort();
    await expect(gptlet.embeddingModel('x/y').doEmbed({ values: ['a', 'b'], abortSignal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('refuses a model that only chats', async () => {
    const other = createGptlet({ load: async () => scriptedModel([]) }).embeddingModel('x/y');
    const refusal = await Promise.resolve(other.doEmbed({ values: ['a'] })).catch((error: unknown) => error);
    expect(UnsupportedFunctionalityError.isInstance(refusal)).toBe(true);
    expect(refusal).toMatchObject({ functionality: 'embeddings' });
  });
});

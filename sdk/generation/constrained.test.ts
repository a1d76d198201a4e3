import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createReferenceEngineBuilder } from '../backends/reference/index.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { loadedModelOf } from '../testing/loaded-model-of.ts';
import { noCheckpoint } from '../testing/no-checkpoint.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { createTokenizer } from '../tokenizer.ts';

const jsonSchema = {
  type: 'object',
  properties: {
    characterName: { type: 'string', maxLength: 12 },
    whereTheStoryBegins: { enum: ['in the forest', 'in the garden'] },
    isHappyInTheEnd: { type: 'boolean' },
  },
  required: ['characterName', 'whereTheStoryBegins', 'isHappyInTheEnd'],
  additionalProperties: false,
};
const validate = new Ajv().compile(jsonSchema);
const prompt = 'The story of Lily, as data: ';

describe('a constrained generation', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadModelHere('models/default', resolveLoadOptions({ backend: 'wasm', dtype: 'q8' }));
  });
  afterAll(() => model.dispose());

  it.each([
    { temperature: 0 },
    { temperature: 1, seed: 3 },
    { temperature: 1, seed: 4, numSequences: 2 },
    { temperature: 1, seed: 5, logprobs: 2 },
    { temperature: 1, seed: 6, bannedTexts: ['Lily'] },
    { temperature: 1, seed: 7, maxNewTokens: 100 },
  ])('fits with %o', async (options) => {
    const { text, tokenIds, usage } = await model.generate(prompt, { ...options, constraint: { jsonSchema } });
    expect(validate(JSON.parse(text)), text).toBe(true);
    expect(usage.generatedTokens).toBe(tokenIds.length);
    expect(model.tokenizer.decode(tokenIds)).toBe(text);
    // Where each token's chance is asked for, or other rules hold too, tokens come one by one.
    const oneByOne = 'logprobs' in options || 'numSequences' in options || 'bannedTexts' in options;
    expect((usage.forcedTokens ?? 0) > 10).toBe(!oneByOne);
  });

  it('streams forced text too, and leaves a KV cache that the next call may trust', async () => {
    const generation = model.generate(prompt, { temperature: 0, constraint: { jsonSchema } });
    let streamed = '';
    for await (const { text } of generation) streamed += text;
    const { text, tokenIds } = await generation;
    expect(streamed).toBe(text);

    const longer = [...model.tokenizer.encode(prompt), ...tokenIds];
    const after = await model.generate(longer, { temperature: 0, maxNewTokens: 8 });
    expect(after.usage.cachedTokens).toBeGreaterThan(longer.length - 3);
    await model.generate('Something else', { maxNewTokens: 1 });
    const afresh = await model.generate(longer, { temperature: 0, maxNewTokens: 8 });
    expect(afresh.usage.cachedTokens).toBe(0);
    expect(after.tokenIds).toEqual(afresh.tokenIds);
  });

  it('ends at a stop text that stands in forced text', async () => {
    const stopped = await model.generate(prompt, { temperature: 0, constraint: { jsonSchema }, stop: ['StoryBegins'] });
    expect(stopped.finishReason).toBe('stop');
    expect(stopped.text.endsWith('"whereThe')).toBe(true);
  });

  it('tells once what is strange about a schema', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const strange = { type: 'string', enum: ['a', 'b'], maxlength: 3 };
    for (let i = 0; i < 2; i++) await model.generate(prompt, { constraint: { jsonSchema: strange } });
    expect(warn.mock.calls.flat()).toEqual([
      'jsonSchema at its top has the keyword "maxlength", which says nothing; did you mean "maxLength"?',
    ]);
    warn.mockRestore();
  });
});

describe('a constraint that takes long to be ready', () => {
  const begin = async (connect: Parameters<typeof loadedModelOf>[1]) => {
    const checkpoint = await openCheckpoint('fixtures/gpt2-tiny');
    const builder = await createReferenceEngineBuilder(checkpoint.config, { dtype: 'f32' });
    for await (const part of checkpoint.tensors()) await builder.setTensor(part);
    const tokenizer = await createTokenizer(checkpoint.tokenizerFiles);
    const { config } = checkpoint;
    return loadedModelOf(
      {
        engine: await builder.finish(),
        config,
        tokenizer,
        generationDefaults: {},
        head: undefined,
        checkpoint: noCheckpoint,
      },
      connect,
    );
  };
  const constraint = { choices: ['a', 'b'] };

  it('does not hold up an abort', async () => {
    const model = await begin(() => new Promise(() => {}));
    const signal = AbortSignal.timeout(20);
    const { finishReason, tokenIds } = await model.generate('x', { constraint, signal });
    expect([finishReason, tokenIds]).toEqual(['aborted', []]);
  });

  it('is begun anew after a failure', async () => {
    const connect = vi.fn().mockRejectedValue(new GptletError('WORKER_FAILED', 'The worker is no more.'));
    const model = await begin(connect);
    for (let i = 0; i < 2; i++) {
      await expect(model.generate('x', { constraint })).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    }
    expect(connect).toHaveBeenCalledTimes(2);
  });
});

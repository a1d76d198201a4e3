import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { createClassifier } from './classifier.ts';
import { readTaskFixture, taskFixtures } from './testing/task-expectations.ts';

const load = (source: Parameters<typeof loadModelHere>[0]): Promise<GptModel> =>
  loadModelHere(source, resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));

describe.each(taskFixtures)('%s', (name) => {
  it('gives the scores of the PyTorch reference for each of the paper’s inputs', async () => {
    const { expected, largestError } = readTaskFixture(name);
    const classifier = createClassifier(await load(`fixtures/${name}`));
    const { classify = [], entail = [], similarity = [], choose } = expected;
    const answers = {
      classify: await Promise.all(classify.map(({ text }) => classifier.classify(text))),
      classifyBatch: classify.length > 0 ? await classifier.classifyBatch(classify.map(({ text }) => text)) : [],
      entail: await Promise.all(entail.map((pair) => classifier.entail(pair))),
      similarity: await Promise.all(similarity.map((pair) => classifier.similarity(pair))),
      choose: await Promise.all(choose.map((task) => classifier.choose(task))),
    };
    // 1e-4 in two logits moves a softmax by half of it; a regression's value is the logit, in similarity the sum of two.
    expect(largestError(answers)).toBeLessThan(name.includes('regression') ? 2e-4 : 5e-5);
    await classifier.dispose();
  });
});

describe('a head of another kind', () => {
  it('is refused with what it is and what it serves', async () => {
    const classifier = createClassifier(await load('fixtures/gpt2-double-heads-classifier'));
    const unsupported = { code: 'UNSUPPORTED_MODEL', message: expect.stringMatching(/multiple-choice.*choose\(\)/) };
    await expect(classifier.classify('x')).rejects.toMatchObject(unsupported);
    await expect(classifier.entail({ premise: 'x', hypothesis: 'y' })).rejects.toMatchObject(unsupported);
    await expect(classifier.similarity({ a: 'x', b: 'y' })).rejects.toMatchObject(unsupported);
    await expect(classifier.classifyBatch(['x'])).rejects.toMatchObject(unsupported);
    await classifier.dispose();
  });
});

describe('padding in a hub config', () => {
  const file = (name: string) => readFileSync(`fixtures/gpt2-classifier/${name}`);
  const { rows } = JSON.parse(file('expected.json').toString()) as { rows: { ids: number[]; logits: number[] }[] };
  const config = JSON.parse(file('config.json').toString()) as Record<string, unknown>;

  // Nothing is padded here, so that neither the side nor a missing pad token can move what the head reads.
  it.each([
    ['right', { pad_token_id: 118 }],
    ['left', { pad_token_id: 118 }],
    ['left', { pad_token_id: null }],
    ['right', { pad_token_id: 119 }],
  ])('on the %s with %j changes no logit', async (padding_side, change) => {
    const model = await load({
      'config.json': new Blob([JSON.stringify({ ...config, ...change })]),
      'tokenizer_config.json': new Blob([JSON.stringify({ padding_side })]),
      'model.safetensors': new Blob([file('model.safetensors')]),
    });
    const logits = await model.classifyIdsBatch(rows.map(({ ids }) => ids));
    for (const [r, row] of rows.entries()) {
      for (const [i, logit] of row.logits.entries()) expect(Math.abs(logits[r][i] - logit)).toBeLessThan(1e-4);
    }
    await model.dispose();
  });
});

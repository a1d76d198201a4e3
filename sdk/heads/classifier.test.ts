import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadLocalModel } from '../loading/load-local-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import type { HeadConfig } from '../model/config.ts';
import { createClassifier } from './classifier.ts';
import { scoreLabels, softmax } from './label-scores.ts';

const golden = '../shared/data/golden/hub';
const folders = [
  ...['gpt2-classifier', 'gpt1-classifier', 'gpt-neo-classifier'].map((name) => `fixtures/${name}`),
  ...['gpt2', 'gpt1', 'gpt-neo'].map((name) => `${golden}/${name}-sequence-classification`),
];
const load = (folder: string, dtype: 'f32' | 'q8' = 'f32') =>
  loadLocalModel(folder, resolveLoadOptions({ backend: 'wasm', dtype }));

// The golden folder is absent on a user's machine; the fixtures are the project's own.
describe.each(folders)('%s', (folder) => {
  it.skipIf(!existsSync(folder))('gives the reference logits for rows of every length, to 1e-4', async () => {
    const { rows } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      rows: { ids: number[]; logits: number[] }[];
    };
    const model = await load(folder);
    for (const { ids, logits } of rows) {
      const ours = await model.classifyIds(ids);
      expect(ours.length).toBe(logits.length);
      for (const [i, logit] of logits.entries()) expect(Math.abs(ours[i] - logit)).toBeLessThan(1e-4);
    }
    await model.dispose();
  });
});

describe('a classifier', () => {
  it('needs a head', async () => {
    const model = await load('fixtures/gpt2-tiny');
    expect(() => createClassifier(model)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_MODEL' }));
    await model.dispose();
  });

  it('needs a tokenizer for texts, not for ids', async () => {
    const model = await load('fixtures/gpt2-classifier');
    const classifier = createClassifier(model);
    await expect(classifier.classify('text')).rejects.toMatchObject({ code: 'BAD_TOKENIZER' });
    expect((await classifier.classifyIds([1, 2, 3])).length).toBe(classifier.labels.length);
    await model.dispose();
  });
});

describe('label scores', () => {
  const head = (problemType?: HeadConfig['problemType']): HeadConfig => ({
    kind: 'sequence-classification',
    labels: ['no', 'yes'],
    bias: false,
    ...(problemType ? { problemType } : {}),
  });

  it('sum to 1, best first', () => {
    const scores = scoreLabels([1, 3], head(), 1);
    expect(scores.map(({ label }) => label)).toEqual(['yes', 'no']);
    expect(scores[0].score + scores[1].score).toBeCloseTo(1, 12);
    expect(scores[0].score).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });

  it('stand each for themselves with several labels, and are the values themselves in a regression', () => {
    expect(scoreLabels([0, 2], head('multi_label_classification'), 1).map(({ score }) => score)).toEqual([
      1 / (1 + Math.exp(-2)),
      0.5,
    ]);
    expect(scoreLabels([0.25, 4], head('regression'), 1).map(({ score }) => score)).toEqual([4, 0.25]);
  });

  it('are softer with a temperature above 1, and stand large logits', () => {
    expect(softmax([0, 2], 2)[1]).toBeCloseTo(softmax([0, 1])[1], 12);
    expect(softmax([1e4, 0])).toEqual([1, 0]);
  });
});

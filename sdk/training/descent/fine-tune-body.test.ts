import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClassifier } from '../../heads/classifier.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../../loading/load-options.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { fineTune } from '../fine-tune.ts';
import type { TrainingProgress } from '../training.ts';

const options = { storage: false, threads: 1, learningRate: 5e-3, steps: 40, batchSize: 8 } as const;
// The word that says the label stands first: a body that does not look back cannot know it at the end.
const words = { warm: ['red', 'fire'], cold: ['blue', 'ice'] };
const random = seededRandom(5);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
const labelled = Array.from({ length: 60 }, (_, i) => {
  const label = i % 2 === 0 ? ('warm' as const) : ('cold' as const);
  return { text: `${pick(words[label])} ${pick(['cat', 'hat'])}`, label };
});
const load = (source: Parameters<typeof loadModelHere>[0]) =>
  loadModelHere(source, resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));

let model: GptModel;
beforeAll(async () => {
  model = await load('fixtures/gpt2-tiny');
});
afterAll(() => model.dispose());

describe("method 'full'", () => {
  it('makes a model of its own that knows the labels, and tells how good it is on the way', async () => {
    const seen: TrainingProgress[] = [];
    const training = fineTune(model, labelled, { method: 'full', ...options, dropout: 0 });
    for await (const progress of training) seen.push(progress);
    const trained = await training;
    expect(seen[0]).toEqual({ stage: 'prepare', step: 0 });
    expect(seen.at(-1)).toMatchObject({ stage: 'learn', step: 40, steps: 40 });
    expect(seen.filter(({ evaluation }) => evaluation)).not.toEqual([]);
    expect(trained.labels).toEqual(['cold', 'warm']);
    expect(trained.evaluation?.accuracy).toBeGreaterThan(0.9);
    const classifier = createClassifier(await load(trained.files()));
    const [[fire], [ice]] = await classifier.classifyBatch(['fire hat', 'ice hat']);
    expect([fire.label, ice.label]).toEqual(['warm', 'cold']);
    await classifier.dispose();
  });

  it('adds tokens that the tokenizer has not, in the files too', async () => {
    const pairs = labelled.map(({ text, label }) => ({ premise: text, hypothesis: 'so', label }));
    const trained = await fineTune(model, pairs, {
      task: 'entailment',
      method: 'full',
      objective: 'L3',
      startToken: '<|start|>',
      delimiterToken: '<|delimiter|>',
      extractToken: '<|extract|>',
      ...options,
      dropout: 0,
    });
    const loaded = await load(trained.files());
    const { vocabSize } = model.config;
    expect(loaded.config.vocabSize).toBe(vocabSize + 3);
    expect(loaded.tokenizer.specialTokens.get('<|extract|>')).toBe(vocabSize + 2);
    expect(loaded.config.head?.inputFormat).toMatchObject({ delimiterToken: '<|delimiter|>' });
    const [{ label }] = await createClassifier(loaded).entail({ premise: 'fire cat', hypothesis: 'so' });
    expect(label).toBe('warm');
    await loaded.dispose();
  });

  it('goes on with text, and gives what it is by then to look at', async () => {
    const steps: number[] = [];
    const text = 'the cat sat on the mat. '.repeat(6);
    const before = await model.score(text);
    const trained = await fineTune(model, Array(10).fill({ text }), {
      task: 'text',
      method: 'full',
      ...options,
      dropout: 0,
      evaluateEvery: 20,
      onSnapshot: (_, { step }) => steps.push(step),
    });
    expect(steps).toEqual([20, 40]);
    expect(trained.labels).toEqual([]);
    expect(trained.evaluation?.perplexity).toBeCloseTo(Math.exp(trained.evaluation?.loss ?? 0), 6);
    const loaded = await load(trained.files());
    expect((await loaded.score(text)).bitsPerByte).toBeLessThan(before.bitsPerByte / 2);
    await loaded.dispose();
  });

  it('finds spans', async () => {
    const examples = labelled.map(({ text }) => ({ text, spans: [{ start: 0, end: text.indexOf(' '), label: 'what' }] }));
    const { createSpanFinder } = await import('../../heads/span-finder.ts');
    const trained = await fineTune(model, examples, { task: 'tokens', method: 'full', ...options, dropout: 0 });
    expect(trained.evaluation?.spanF1).toBeGreaterThan(0.9);
    const finder = createSpanFinder(await load(trained.files()));
    expect(await finder.findSpans('fire hat')).toMatchObject([{ start: 0, end: 4, label: 'what', text: 'fire' }]);
    await finder.dispose();
  });
});

import { describe, expect, it } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { pretrain } from './pretrain.ts';
import type { TrainingProgress } from './training.ts';

// In no order that positions could tell.
const random = seededRandom(2);
const texts = Array.from({ length: 120 }, () => {
  const one = random() < 0.5;
  return `The ${one ? 'cat' : 'dog'} sat on the ${one ? 'mat' : 'log'}.`;
});
const size = { layers: 1, heads: 2, width: 64, context: 32, vocabSize: 280 };
const options = { storage: false, threads: 1, steps: 200, learningRate: 0.005, batchSize: 4, heldOut: 0.1 } as const;

describe('pretrain', () => {
  it('makes a model of texts alone, with a vocabulary of theirs', async () => {
    const seen: TrainingProgress[] = [];
    const sampled: number[] = [];
    const training = pretrain(size, texts, {
      ...options,
      evaluateEvery: 100,
      onSnapshot: (model, { step }) => {
        expect(Object.keys(model.files())).toContain('model.safetensors');
        sampled.push(step);
      },
    });
    for await (const progress of training) seen.push(progress);
    const trained = await training;
    expect(seen[0].stage).toBe('prepare');
    expect(seen.at(-1)).toMatchObject({ stage: 'learn', step: 200, steps: 200 });
    expect(sampled).toEqual([100, 200]);
    expect(trained.evaluation?.perplexity).toBeLessThan(1.6);
    const model = await loadModelHere(trained.files(), resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
    expect(model.config).toMatchObject({ nLayer: 1, nHead: 2, nEmbd: 64, nCtx: 32, architecture: 'gpt2' });
    const told = await model.scoreBatch(['log', 'mat'].map((end) => `The dog sat on the ${end}.`));
    expect(told[0].perplexity).toBeLessThan(1.5);
    expect(told[1].perplexity).toBeGreaterThan(1.3 * told[0].perplexity);
    await model.dispose();
  });

  it.each<[string, object, unknown, object, RegExp]>([
    ['no texts', {}, [], {}, /no text to learn from/],
    ['a text that is none', {}, [3], {}, /texts\[0\] is 3/],
    [
      'heads that do not share',
      { width: 100, heads: 3 },
      texts,
      {},
      /width is 100, which 3 heads cannot share; .* 102/,
    ],
    ['two lengths', {}, texts, { epochs: 1, steps: 2 }, /give one/],
    ['a size that there is not', { depth: 3 }, texts, {}, /no option 'depth'/],
    ['no layers', { layers: 0 }, texts, {}, /layers is 0/],
  ])('refuses %s', async (_, config, given, more, message) => {
    await expect(pretrain(config, given as string[], more)).rejects.toThrow(message);
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import type { Dtype } from '../model/dtype.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import type { GptModel } from './gpt-model.ts';
import { softmax } from './softmax.ts';

// A small model in Llama's layout that was trained, so that what rounding costs is measured on weights that mean something.

const folder = 'fixtures/llama-twin';
const { passage } = JSON.parse(readFileSync(`${folder}/pytorch.json`, 'utf8'));
const expected: number[] = passage.logProbabilities;

const load = (dtype: Dtype): Promise<GptModel> => loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype }));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Natural log-probabilities of the passage's tokens. */
async function score(model: GptModel): Promise<number[]> {
  const { tokens } = await model.score(passage.text);
  expect(tokens.map(({ tokenId }) => tokenId)).toEqual(passage.ids.slice(1));
  return tokens.map(({ logprob }) => logprob);
}

describe('a trained Llama', () => {
  let exact: GptModel;
  beforeAll(async () => {
    exact = await load('f32');
  });
  afterAll(() => exact.dispose());

  it('in f32 finds every token as likely as PyTorch does', async () => {
    const found = await score(exact);
    expect(Math.abs(mean(found) - mean(expected))).toBeLessThan(1e-4);
    expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-3);
  });

  // The goals are 0.5 % and 4 %. On the passage alone chance is as large as the loss; by how much the logarithm of perplexity rises
  // on what the model itself would write, which is the divergence of its distributions, is steadier: 0.02 % and 1.4 %.
  it.each([
    ['q8', 0.005],
    ['q4', 0.04],
  ] as const)(
    'in %s loses less than a share of %d of its perplexity, and half of that on its own words',
    async (dtype, most) => {
      const rounded = await load(dtype);
      expect(Math.exp(mean(expected) - mean(await score(rounded))) - 1).toBeLessThan(most);
      const [p, q] = [await exact.forward(passage.ids), await rounded.forward(passage.ids)];
      await rounded.dispose();
      expect(Math.exp(divergence(p, q, exact.config.vocabSize)) - 1).toBeLessThan(most / 2);
    },
  );
});

/** Mean over positions of the Kullback-Leibler divergence of the second's distribution from the first's, of logits (T, V). */
function divergence(p: Float32Array, q: Float32Array, V: number): number {
  let sum = 0;
  for (let at = 0; at < p.length; at += V) {
    const [a, b] = [p, q].map((logits) => softmax(logits.subarray(at, at + V)));
    for (let v = 0; v < V; v++) if (a[v] > 0) sum += a[v] * Math.log(a[v] / b[v]);
  }
  return sum / (p.length / V);
}

// Positions far beyond those that attention takes at once, and passes that divide a text in different places.
import { describe, expect, it } from 'vitest';
import type { Dtype } from '../../model/dtype.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Engine } from '../engine.ts';
import { createReferenceEngineBuilder } from '../reference/index.ts';
import { createWasmEngineBuilder } from './index.ts';
import {
  buildEngine,
  largestDifference,
  randomTensors,
  smallModel,
  typicalDifference,
} from './testing/random-model.ts';

const vocabSize = 40;
const shape = { nEmbd: 16, nHead: 4, nKvHead: 2, headSize: 6, nInner: 24, vocabSize };
const random = seededRandom(9);
const textOf = (length: number) => Uint32Array.from({ length }, () => Math.floor(random() * vocabSize));

/** Logits of all tokens, in passes of `count`. */
async function run(engine: Engine, ids: Uint32Array, count: number): Promise<Float32Array> {
  const out = new Float32Array(ids.length * vocabSize);
  for (let at = 0; at < ids.length; at += count) {
    const { logits } = await engine.forward(ids.subarray(at, at + count), at, { logits: 'all' });
    out.set(logits!, at * vocabSize);
  }
  return out;
}

it('2,100 tokens: logits of the reference, as near at the end as at the beginning', async () => {
  const nCtx = 2100;
  const config = smallModel({ ...shape, nHead: 2, nKvHead: 1, nCtx, attentionWindow: [0, 700], attentionSoftCap: 8 });
  const tensors = randomTensors(config, 7);
  const ids = textOf(nCtx);
  const reference = await buildEngine(createReferenceEngineBuilder, config, tensors, { dtype: 'f32' });
  const expected = (await reference.forward(ids, 0, { logits: 'all' })).logits!;
  // q8 and q4 err by their weights, in a model of 16 channels much; f32 by rounding only.
  for (const [dtype, most] of Object.entries({ f32: 1e-4, q8: 0.06, q4: 0.9 })) {
    const engine = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype: dtype as Dtype, threads: 1 });
    const found = (await engine.forward(ids, 0, { logits: 'all' })).logits!;
    for (const from of [0, 600, nCtx - 100]) {
      const rows = (logits: Float32Array) => logits.subarray(from * vocabSize, (from + 100) * vocabSize);
      const difference = dtype === 'f32' ? largestDifference : typicalDifference;
      expect(difference(rows(found), rows(expected)), `${dtype} from ${from}`).toBeLessThan(most);
    }
  }
});

describe.each([
  ['grouped queries', shape],
  ['a head of keys for each of queries, wide', { ...shape, nHead: 2, nKvHead: 2, headSize: 35 }],
  ['many queries that share keys', { ...shape, nHead: 36, nKvHead: 1, headSize: 4 }],
])('%s', (_, sizes) => {
  const nCtx = 290;
  const config = smallModel({ ...sizes, nCtx, attentionWindow: [0, 75] });
  const tensors = randomTensors(config, 8);
  const ids = textOf(nCtx);

  it.each(['q8', 'q4'] as const)(
    '%s: the same bits in passes of any length, on any number of threads',
    async (dtype) => {
      const build = (threads: number) => buildEngine(createWasmEngineBuilder, config, tensors, { dtype, threads });
      const [one, three] = [await build(1), await build(3)];
      const expected = await run(one, ids, 1);
      for (const count of [2, 3, 7, 16, 50, 127, nCtx]) {
        expect(largestDifference(await run(one, ids, count), expected), `passes of ${count}`).toBe(0);
      }
      for (const count of [1, 5, nCtx]) expect(largestDifference(await run(three, ids, count), expected)).toBe(0);
      await three.dispose();
    },
  );

  it('q8: inspection computes the same bits, and keeps probabilities of the positions that are seen', async () => {
    const engine = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype: 'q8', threads: 1 });
    const T = 150;
    const expected = (await engine.forward(ids.subarray(0, T), 0, { logits: 'all' })).logits!;
    const { logits, attention } = await engine.forward(ids.subarray(0, T), 0, { logits: 'all', inspect: true });
    expect(largestDifference(logits!, expected)).toBe(0);
    for (let row = 0; row < attention!.length / T; row++) {
      const [layer, t] = [Math.floor(row / (config.nHead * T)), row % T];
      const window = config.attentionWindow[layer] || T;
      const probabilities = attention!.subarray(row * T, (row + 1) * T);
      expect(probabilities.every((p, u) => p > 0 === (u <= t && u > t - window))).toBe(true);
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    }
  });
});

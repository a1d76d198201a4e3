import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Engine, ForwardResult } from '../engine.ts';
import { createReferenceEngineBuilder } from '../reference/index.ts';
import { createWasmEngineBuilder } from './index.ts';
import { quantiseTensor } from './testing/quantise-twin.ts';
import { randomConfig } from './testing/random-config.ts';
import { buildEngine, largestDifference, randomTensors } from './testing/random-model.ts';

// Shapes that no published model has: heads and widths that no vector register divides, one layer, one token of context.

const seed = Number(process.env.RANDOM_SEED ?? 1); // others by hand: RANDOM_SEED=7 RANDOM_CONFIGS=300
const configs = Number(process.env.RANDOM_CONFIGS ?? 12);
describe(`random shapes, seed ${seed}`, () => {
  const random = seededRandom(seed);
  it.each(Array.from({ length: configs }, () => [randomConfig(random)]))('%j', async (config) => {
    const { nCtx, vocabSize } = config;
    const tensors = randomTensors(config, Math.floor(random() * 2 ** 31));
    const ids = Uint32Array.from({ length: nCtx }, () => Math.floor(random() * vocabSize));
    const cut = Math.floor(random() * nCtx);
    const threads = 2 + Math.floor(random() * 4);
    // Activations that meet quantised weights are rounded to 8 bits, which the norm of a handful of values can make as large as the values.
    const dtypes = config.nEmbd < 16 ? (['f32'] as const) : (['f32', 'q8', 'q4'] as const);
    for (const dtype of dtypes) {
      const seen = dtype === 'f32' ? tensors : tensors.map((tensor) => quantiseTensor(tensor, dtype));
      const reference = await buildEngine(createReferenceEngineBuilder, config, seen, { dtype: 'f32' });
      const expected = await reference.forward(ids, 0, { logits: 'all', hidden: 'all' });
      const engine = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype, threads: 1 });
      // Without a norm at the end nothing bounds the values: the tolerance grows with them. In q8 and q4 activations are rounded too.
      const largest = (values: Float32Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
      const share = dtype === 'f32' ? 1e-5 : 0.12; // one of 250 shapes passed 0.1, by a twenty-fifth
      const tolerance = share * Math.max(largest(expected.logits!), largest(expected.hidden!));
      const whole = await engine.forward(ids, 0, { logits: 'all', hidden: 'all' });
      expect(largestDifference(whole.logits!, expected.logits!), `${dtype} logits`).toBeLessThan(tolerance);
      expect(largestDifference(whole.hidden!, expected.hidden!), `${dtype} hidden`).toBeLessThan(tolerance);
      const threaded = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype, threads });
      expect(await threaded.forward(ids, 0, { logits: 'all', hidden: 'all' }), `${dtype} threads`).toEqual(whole);
      // The same in two pieces, and token by token from the cut.
      for (const each of [engine, threaded]) {
        if (cut > 0) await each.forward(ids.subarray(0, cut), 0, { logits: 'none' });
      }
      for (let t = cut; t < nCtx; t++) {
        const { logits } = await engine.forward(ids.subarray(t, t + 1), t);
        expect((await threaded.forward(ids.subarray(t, t + 1), t)).logits, `${dtype} threads, token ${t}`).toEqual(
          logits,
        );
        // Integers come out the same however many tokens there are.
        if (dtype !== 'f32')
          expect(logits, `${dtype} token ${t}`).toEqual(whole.logits!.subarray(t * vocabSize, (t + 1) * vocabSize));
        const row = expected.logits!.subarray(t * vocabSize, (t + 1) * vocabSize);
        expect(largestDifference(logits!, row), `${dtype} token ${t}`).toBeLessThan(tolerance);
      }
      // Sequences in one pass after a shared beginning, which stands in another slot.
      const shared = ids.subarray(0, Math.min(cut, nCtx - 1));
      const sequences = Array.from({ length: 5 }, () => {
        const length = 1 + Math.floor(random() * (nCtx - shared.length));
        return Uint32Array.from({ length }, () => Math.floor(random() * vocabSize));
      });
      const slot = 1;
      const batchOf = (each: Engine): Promise<ForwardResult[]> => {
        each.reserveSlots(2);
        each.copySlot(0, slot, shared.length);
        return each.forwardBatch(sequences, shared.length, { slot, logits: 'all' });
      };
      const batch = await batchOf(engine);
      expect(await batchOf(threaded), `${dtype} threads, sequences`).toEqual(batch);
      for (const [i, sequence] of sequences.entries()) {
        const alone = await reference.forward(Uint32Array.of(...shared, ...sequence), 0, { logits: 'all' });
        const rows = alone.logits!.subarray(shared.length * vocabSize);
        expect(largestDifference(batch[i].logits!, rows), `${dtype} sequence ${i}`).toBeLessThan(tolerance);
      }
      if (dtype === 'f32') {
        const shown = await threaded.forward(ids, 0, { inspect: true });
        const wanted = await reference.forward(ids, 0, { inspect: true });
        expect(largestDifference(shown.attention!, wanted.attention!), 'attention').toBeLessThan(1e-4);
        const size = largest(wanted.hiddenStates!);
        expect(largestDifference(shown.hiddenStates!, wanted.hiddenStates!), 'hidden states').toBeLessThan(
          share * size,
        );
      }
      await engine.dispose();
      await threaded.dispose();
    }
  });
});

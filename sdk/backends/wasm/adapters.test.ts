import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Engine } from '../engine.ts';
import { createReferenceEngineBuilder } from '../reference/index.ts';
import { randomAdapter } from '../testing/random-adapter.ts';
import { createWasmEngineBuilder } from './index.ts';
import { quantiseTensor } from './testing/quantise-twin.ts';
import { randomConfig } from './testing/random-config.ts';
import { buildEngine, largestDifference, randomTensors, smallModel } from './testing/random-model.ts';

const seed = Number(process.env.RANDOM_SEED ?? 5); // others by hand: RANDOM_SEED=7 RANDOM_CONFIGS=300
const configs = Number(process.env.RANDOM_CONFIGS ?? 8);

const small = smallModel();
const tensors = randomTensors(small, 8);
const ids = Uint32Array.from({ length: small.nCtx }, (_, i) => (i * 41 + 7) % small.vocabSize);

const build = (threads = 1): Promise<Engine> =>
  buildEngine(createWasmEngineBuilder, small, tensors, { dtype: 'q8', threads });

const logitsOf = async (engine: Engine, adapter?: number): Promise<Float32Array> =>
  (await engine.forward(ids, 0, { logits: 'all', adapter })).logits as Float32Array;

describe(`adapters on random shapes, seed ${seed}`, () => {
  const random = seededRandom(seed);
  it.each(Array.from({ length: configs }, () => [randomConfig(random)]))('%j', async (config) => {
    const { nCtx, vocabSize } = config;
    const plain = randomTensors(config, Math.floor(random() * 2 ** 31));
    const adapters = [1, 2].map((i) => randomAdapter(config, Math.floor(random() * 2 ** 31), 0.4 * i));
    const tokens = Uint32Array.from({ length: nCtx }, () => Math.floor(random() * vocabSize));
    const cut = Math.floor(random() * nCtx);
    const threads = 2 + Math.floor(random() * 4);
    const dtypes = config.nEmbd < 16 ? (['f32'] as const) : (['f32', 'q8', 'q4'] as const);
    for (const dtype of dtypes) {
      const seen = dtype === 'f32' ? plain : plain.map((tensor) => quantiseTensor(tensor, dtype));
      const reference = await buildEngine(createReferenceEngineBuilder, config, seen, { dtype: 'f32' });
      const engine = await buildEngine(createWasmEngineBuilder, config, plain, { dtype, threads: 1 });
      const threaded = await buildEngine(createWasmEngineBuilder, config, plain, { dtype, threads });
      for (const one of adapters) for (const each of [reference, engine, threaded]) await each.addAdapter(one);
      for (const adapter of [1, 2, undefined]) {
        const expected = await reference.forward(tokens, 0, { logits: 'all', hidden: 'all', adapter });
        const whole = await engine.forward(tokens, 0, { logits: 'all', hidden: 'all', adapter });
        const largest = (values: Float32Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
        // As without adapters, see random-configs.test.ts.
        const share = dtype === 'f32' ? 1e-5 : 0.12;
        const tolerance = share * Math.max(largest(expected.logits!), largest(expected.hidden!));
        expect(largestDifference(whole.logits!, expected.logits!), `${dtype} ${adapter}`).toBeLessThan(tolerance);
        expect(await threaded.forward(tokens, 0, { logits: 'all', hidden: 'all', adapter }), dtype).toEqual(whole);
        for (const each of [engine, threaded]) {
          if (cut > 0) await each.forward(tokens.subarray(0, cut), 0, { logits: 'none', adapter });
        }
        for (let t = cut; t < nCtx; t++) {
          const { logits } = await engine.forward(tokens.subarray(t, t + 1), t, { adapter });
          expect((await threaded.forward(tokens.subarray(t, t + 1), t, { adapter })).logits).toEqual(logits);
          const row = whole.logits!.subarray(t * vocabSize, (t + 1) * vocabSize);
          if (dtype !== 'f32') expect(logits, `${dtype} token ${t}`).toEqual(row);
          else expect(largestDifference(logits!, row)).toBeLessThan(tolerance);
        }
        const sequences = [3, 1, 5].map((length) => tokens.subarray(0, Math.min(length, nCtx)));
        const batch = await engine.forwardBatch(sequences, 0, { logits: 'all', adapter });
        expect(await threaded.forwardBatch(sequences, 0, { logits: 'all', adapter })).toEqual(batch);
        for (const [i, { length }] of sequences.entries()) {
          const rows = expected.logits!.subarray(0, length * vocabSize);
          expect(largestDifference(batch[i].logits!, rows), `${dtype} sequence ${i}`).toBeLessThan(tolerance);
        }
      }
      await engine.dispose();
      await threaded.dispose();
    }
  });
});

describe('adapters in memory', () => {
  it('come and go between calls that go on, and change nothing where they are not asked for', async () => {
    const engine = await build();
    const plain = await logitsOf(engine);
    engine.reserveSlots(3);
    await engine.forward(ids.subarray(0, 40), 0, { slot: 2, logits: 'none' });
    const [one, two] = [randomAdapter(small, 1), randomAdapter(small, 2, 0.5, 64)];
    const { weights } = engine.bytes;
    const first = await engine.addAdapter(one);
    const second = await engine.addAdapter(two);
    expect(engine.bytes.weights).toBeGreaterThan(weights + two.pairs[0].a.byteLength);
    // What slots held has moved with them.
    const continued = await engine.forward(ids.subarray(40), 40, { slot: 2, logits: 'all' });
    expect(continued.logits).toEqual(plain.subarray(40 * small.vocabSize));
    const adapted = [await logitsOf(engine, first), await logitsOf(engine, second)];
    expect(largestDifference(adapted[0], plain)).toBeGreaterThan(0.1);
    expect(await logitsOf(engine)).toEqual(plain);
    engine.removeAdapter(second);
    await expect(logitsOf(engine, second)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(await logitsOf(engine, first)).toEqual(adapted[0]);
    engine.removeAdapter(first);
    expect(engine.bytes.weights).toBe(weights);
    expect(await logitsOf(engine)).toEqual(plain);
    // In the places of those, whose values must not shine through.
    const again = await engine.addAdapter(two);
    expect(again).toBe(3);
    expect(await logitsOf(engine, again)).toEqual(adapted[1]);
    await engine.dispose();
  });

  it('reuse memory', async () => {
    const engine = await build(2);
    const end = async (): Promise<number> => {
      const id = await engine.addAdapter(randomAdapter(small, 3, 0.5, 64));
      engine.removeAdapter(id);
      return id;
    };
    for (let i = 1; i <= 2000; i++) expect(await end()).toBe(i);
    await engine.dispose();
  });

  it('is refused in memory that has no room, and the model goes on', async () => {
    const engine = await build();
    const plain = await logitsOf(engine);
    const [pair] = randomAdapter(small, 1).pairs;
    const rank = 3e6;
    const huge = {
      pairs: Array.from({ length: 12 }, () => ({ ...pair, rank, a: new Float32Array(0), b: new Float32Array(0) })),
    };
    await expect(engine.addAdapter(huge)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(await logitsOf(engine)).toEqual(plain);
    await engine.dispose();
  });

  it('with a scale of 0 or no pairs changes nothing', async () => {
    const engine = await build();
    const plain = await logitsOf(engine);
    const { pairs } = randomAdapter(small, 1);
    const none = await engine.addAdapter({ pairs: [] });
    const still = await engine.addAdapter({ pairs: pairs.map((pair) => ({ ...pair, scale: 0 })) });
    expect(await logitsOf(engine, none)).toEqual(plain);
    expect(largestDifference(await logitsOf(engine, still), plain)).toBe(0);
    await engine.dispose();
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Engine } from '../engine.ts';
import { createReferenceEngineBuilder } from '../reference/index.ts';
import { createWasmEngineBuilder } from './index.ts';
import { buildEngine, largestDifference, randomTensors, smallModel } from './testing/random-model.ts';

// Contexts longer than a cache's first room, and than what layers with a window keep.

const nCtx = 1100;
const sizes = { nEmbd: 16, nHead: 2, nInner: 24, vocabSize: 40, nCtx };
const models: Record<string, ModelConfig> = {
  'all positions': smallModel(sizes),
  'one layer with a window': smallModel({ ...sizes, attentionWindow: [0, 21] }),
  'windows everywhere': smallModel({ ...sizes, attentionWindow: [5, 300] }),
  'a convolution and grouped queries': smallModel({
    ...sizes,
    nHead: 4,
    nKvHead: 2,
    headSize: 6,
    attentionScale: [0.4, 0.4],
    blockKind: ['convolution', 'attention'],
    convolutionSize: 3,
  }),
};
const random = seededRandom(5);
const ids = Uint32Array.from({ length: nCtx }, () => Math.floor(random() * sizes.vocabSize));
const others = Uint32Array.from(ids).reverse();

const build = (config: ModelConfig, dtype: Dtype = 'f32', threads = 1): Promise<Engine> =>
  buildEngine(createWasmEngineBuilder, config, randomTensors(config, 3), { dtype, threads });
const buildReference = (config: ModelConfig): Promise<Engine> =>
  buildEngine(createReferenceEngineBuilder, config, randomTensors(config, 3), { dtype: 'f32' });
const rows = (logits: Float32Array, from: number, to: number): Float32Array =>
  logits.subarray(from * sizes.vocabSize, to * sizes.vocabSize);

/** Logits of tokens `from` … `to` - 1, in passes of all kinds of lengths. */
async function run(engine: Engine, tokens: Uint32Array, from: number, to: number, slot = 0): Promise<Float32Array> {
  const out = new Float32Array((to - from) * sizes.vocabSize);
  const lengths = [130, 1, 1, 7, 300, 2];
  for (let at = from, i = 0; at < to; i++) {
    const count = Math.min(lengths[i % lengths.length], to - at);
    const { logits } = await engine.forward(tokens.subarray(at, at + count), at, { logits: 'all', slot });
    out.set(logits!, (at - from) * sizes.vocabSize);
    at += count;
  }
  return out;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(Object.entries(models))('%s', (_, config) => {
  it('a context longer than the first room gives what the reference gives, and holds more bytes', async () => {
    const [engine, reference] = [await build(config), await buildReference(config)];
    const before = engine.bytes.kvCache;
    const expected = (await reference.forward(ids, 0, { logits: 'all' })).logits!;
    expect(largestDifference(await run(engine, ids, 0, nCtx), expected)).toBeLessThan(1e-4);
    expect(engine.bytes.kvCache).toBeGreaterThan(before);
    // Whatever it still reaches gives the same again; and from the beginning it always may.
    let reached = 0;
    for (let position = nCtx - 1; position >= 0; position -= 83) {
      if (!engine.reaches(position)) {
        await expect(engine.forward(ids.subarray(0, 1), position)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
        continue;
      }
      reached++;
      const { logits } = await engine.forward(ids.subarray(position, position + 1), position);
      expect(largestDifference(logits!, rows(expected, position, position + 1)), `at ${position}`).toBeLessThan(1e-4);
    }
    expect(reached).toBeGreaterThan(1);
    expect(engine.reaches(0)).toBe(true);
    expect(largestDifference(await run(engine, ids, 0, 40), rows(expected, 0, 40))).toBeLessThan(1e-4);
  });

  it.each(['f32', 'q8'] as const)('%s: slots grow together and keep what they hold', async (dtype) => {
    const engine = await build(config, dtype);
    engine.reserveSlots(3);
    await run(engine, others, 0, 450, 2);
    await run(engine, ids, 0, 700, 1);
    engine.copySlot(1, 0, 650);
    await run(engine, others, 450, 900, 2);
    const fresh = await build(config, dtype);
    const alone = await run(fresh, ids, 0, 1050);
    // In f32, what goes through the layers together rounds in another order.
    const most = dtype === 'f32' ? 1e-4 : 0;
    expect(largestDifference(await run(engine, ids, 650, 1050, 0), rows(alone, 650, 1050))).toBeLessThanOrEqual(most);
    expect(largestDifference(await run(engine, ids, 700, 1050, 1), rows(alone, 700, 1050))).toBeLessThanOrEqual(most);
    const last = await run(fresh, others, 0, 1000);
    expect(largestDifference(await run(engine, others, 900, 1000, 2), rows(last, 900, 1000))).toBeLessThanOrEqual(most);
  });

  it('three threads see the memory that grew', async () => {
    const [one, three] = [await build(config, 'q4'), await build(config, 'q4', 3)];
    expect(await run(three, ids, 0, nCtx)).toEqual(await run(one, ids, 0, nCtx));
    expect(three.bytes.kvCache).toBe(one.bytes.kvCache);
    await three.dispose();
  });

  it('long sequences of a batch do not push out what precedes them all', async () => {
    const engine = await build(config, 'q8');
    await run(engine, ids, 0, 490);
    const sequences = [
      others.subarray(0, 600),
      others.subarray(3, 9),
      others.subarray(100, 690),
      ids.subarray(490, 492),
    ];
    const batch = await engine.forwardBatch(sequences, 490, { logits: 'all' });
    const fresh = await build(config, 'q8');
    for (const [i, sequence] of sequences.entries()) {
      await run(fresh, ids, 0, 490);
      const { logits } = await fresh.forward(sequence, 490, { logits: 'all' });
      expect(batch[i].logits, `sequence ${i}`).toEqual(logits);
    }
    expect(engine.reaches(490)).toBe(true);
  });
});

describe('a model whose cache is larger than WebAssembly memory can be', () => {
  // 70 kB a token in q8.
  const config = smallModel({
    ...{ nLayer: 4, nEmbd: 8, nHead: 64, headSize: 128, nKvHead: 64, nInner: 8, nCtx: 131_072, vocabSize: 40 },
    learnedPositions: 0,
  });

  const tensors = randomTensors(config, 3);
  const asking = (contextLength?: number): Promise<Engine> =>
    buildEngine(createWasmEngineBuilder, config, tensors, { dtype: 'q8', threads: 1, contextLength });

  it('has as long a context as fits, and says how long that is to whoever asks for more', async () => {
    const { nCtx } = (await asking()).config;
    expect(nCtx).toBeGreaterThan(40_000);
    expect(nCtx).toBeLessThan(65_000);
    await expect(asking(nCtx + 1)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining(`room for ${nCtx} tokens`),
    });
    expect((await asking(nCtx)).config.nCtx).toBe(nCtx);
    expect((await asking(100)).config.nCtx).toBe(100);
    await expect((await asking(100)).forward(ids.subarray(0, 101), 0)).rejects.toMatchObject({
      code: 'CONTEXT_OVERFLOW',
    });
  });

  it('computes the same in slots that lie above 2 GB', async () => {
    const engine = await asking();
    const slots = Math.ceil(2.3e9 / engine.bytes.kvCache);
    engine.reserveSlots(slots);
    expect(engine.bytes.kvCache).toBeGreaterThan(2.2e9);
    const low = (await engine.forward(ids.subarray(0, 30), 0)).logits!.slice();
    const next = (await engine.forward(ids.subarray(30, 31), 30)).logits!.slice();
    expect((await engine.forward(ids.subarray(0, 30), 0, { slot: slots - 1 })).logits).toEqual(low);
    engine.copySlot(0, slots - 2, 30);
    for (const slot of [slots - 2, slots - 1]) {
      expect((await engine.forward(ids.subarray(30, 31), 30, { slot })).logits).toEqual(next);
    }
    // Twice as many cannot be.
    expect(() => engine.reserveSlots(2 * slots)).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
    expect((await engine.forward(ids.subarray(30, 31), 30)).logits).toEqual(next);
  });
});

it('a memory that cannot grow says what fits, and keeps what it holds', async () => {
  const engine = await build(models['all positions'], 'q8');
  const first = await run(engine, ids, 0, 500);
  vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
    throw new RangeError('no');
  });
  const failing = run(engine, ids, 500, nCtx);
  await expect(failing).rejects.toMatchObject({
    code: 'OUT_OF_MEMORY',
    message: expect.stringMatching(/\d+ tokens would fit/),
  });
  expect(await run(engine, ids, 300, 500)).toEqual(rows(first, 300, 500));
});

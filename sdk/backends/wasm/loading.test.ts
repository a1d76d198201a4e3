import { describe, expect, it } from 'vitest';
import type { Dtype } from '../../model/dtype.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { importKernels } from './import-kernels.ts';
import { createWasmEngineBuilder } from './index.ts';
import { initialCapacity, placeCache } from './kv-layout.ts';
import { planMemory } from './memory-layout.ts';
import { createModelMemory } from './model-memory.ts';
import { buildEngine, randomTensors, smallConfig, smallModel } from './testing/random-model.ts';
import { wasmBackend } from './wasm-backend.ts';

const tensors = randomTensors(smallConfig, 7);
const load = (parts: readonly TensorPart[], dtype: Dtype = 'q8') =>
  buildEngine(createWasmEngineBuilder, smallConfig, parts, { dtype });
const changed = (name: string, change: (tensor: TensorPart) => TensorPart): TensorPart[] =>
  tensors.map((tensor) => (tensor.name === name ? change(tensor) : tensor));
const withValue = (tensor: TensorPart, at: number, value: number): TensorPart => {
  const data = tensor.data.slice();
  data[at] = value;
  return { ...tensor, data };
};

describe('loading', () => {
  it.each([
    ['tokenEmbedding', 5 * 36 + 7, Number.NaN, 'NaN at row 5, column 7'],
    ['blocks.1.mlp.down.weight', 35 * 100 + 99, Number.POSITIVE_INFINITY, 'Infinity at row 35, column 99'],
    ['blocks.0.norm1.bias', 3, Number.NEGATIVE_INFINITY, '-Infinity at row 0, column 3'],
    ['positionEmbedding', 36, Number.NaN, 'NaN at row 1, column 0'],
  ])('names a weight of %s that is not finite', async (name, at, value, where) => {
    for (const dtype of ['f32', 'q8', 'q4'] as const) {
      const loading = load(
        changed(name, (tensor) => withValue(tensor, at, value)),
        dtype,
      );
      await expect(loading).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
        message: expect.stringContaining(`${name} holds ${where}`),
      });
    }
  });

  it('takes biases as zero when they never come', async () => {
    const ids = Uint32Array.of(1, 2, 3);
    const biases = tensors.filter(({ name }) => /(qkv|projection|up|down)\.bias$/.test(name));
    const without = await load(tensors.filter((t) => !biases.includes(t)));
    const zeros = await load(
      tensors.map((t) => (biases.includes(t) ? { ...t, data: new Float32Array(t.data.length) } : t)),
    );
    expect((await without.forward(ids, 0)).logits).toEqual((await zeros.forward(ids, 0)).logits);
  });

  it.each(['f32', 'q8', 'q4'] as const)(
    '%s: pieces in any order and transposed ones give the same model',
    async (dtype) => {
      const ids = Uint32Array.of(1, 2, 3, 4, 5);
      const whole = (await (await load(tensors, dtype)).forward(ids, 0)).logits!.slice();
      const pieces = tensors.flatMap((tensor): TensorPart[] => {
        const { rows, columns, data } = tensor;
        const flipped = new Float32Array(data.length);
        for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) flipped[c * rows + r] = data[r * columns + c];
        // A third of the rows, from a file that is transposed, then the rest as it lies.
        const cut = Math.floor(rows / 3);
        const upper = { ...tensor, rows: cut, rowStride: 1, columnStride: rows, data: flipped };
        const lower = { ...tensor, rowOffset: cut, rows: rows - cut, data: data.subarray(cut * columns) };
        return cut ? [lower, upper] : [lower];
      });
      expect((await (await load(pieces.reverse(), dtype)).forward(ids, 0)).logits).toEqual(whole);
    },
  );

  it.each(['f32', 'q8', 'q4'] as const)('%s: values put into its own memory give the same model', async (dtype) => {
    const ids = Uint32Array.of(1, 2, 3, 4, 5);
    const whole = (await (await load(tensors, dtype)).forward(ids, 0)).logits!.slice();
    const builder = await createWasmEngineBuilder(smallConfig, { dtype });
    for (const tensor of tensors) {
      const data = builder.room?.(tensor.data.length) as Float32Array;
      data.set(tensor.data);
      await builder.setTensor({ ...tensor, data });
    }
    expect(builder.room?.(2 ** 28)).toBeUndefined();
    expect((await (await builder.finish()).forward(ids, 0)).logits).toEqual(whole);
  });

  it.each(['q8', 'q4'] as const)(
    '%s takes weights below 1e-30, whose scale has no reciprocal, as zero',
    async (dtype) => {
      const ids = Uint32Array.of(1, 2, 3);
      const name = 'blocks.0.mlp.up.weight';
      const filled = (value: number) =>
        changed(name, (t) => ({ ...t, data: new Float32Array(t.data.length).fill(value) }));
      const [tiny, zero] = await Promise.all([filled(1e-39), filled(0)].map((parts) => load(parts, dtype)));
      expect((await tiny.forward(ids, 0)).logits).toEqual((await zero.forward(ids, 0)).logits);
    },
  );

  it('keeps several models in one process apart', async () => {
    const others = randomTensors(smallConfig, 8);
    const [a, b, c] = await Promise.all([load(tensors), load(others), load(tensors, 'f32')]);
    const alone = [];
    for (const engine of [a, b, c]) {
      for (const id of [1, 2, 3]) await engine.forward(Uint32Array.of(id), id - 1);
      alone.push((await engine.forward(Uint32Array.of(4), 3)).logits!.slice());
    }
    for (const id of [1, 2, 3]) {
      await Promise.all([a, b, c].map((engine) => engine.forward(Uint32Array.of(id), id - 1)));
    }
    await c.dispose();
    const together = await Promise.all([a, b].map((engine) => engine.forward(Uint32Array.of(4), 3)));
    expect(together.map(({ logits }) => logits)).toEqual(alone.slice(0, 2));
    await expect(c.forward(Uint32Array.of(4), 3)).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('splits what is larger than its staging area', async () => {
    const config = smallModel({ nEmbd: 48, vocabSize: 100_000 });
    const large = randomTensors(config, 3);
    const embedding = large.find(({ name }) => name === 'tokenEmbedding')!;
    expect(embedding.data.byteLength).toBeGreaterThan(planMemory(config, 'q8', 1).stagingBytes);
    const flipped = new Float32Array(embedding.data.length);
    for (let r = 0; r < 100_000; r++)
      for (let c = 0; c < 48; c++) flipped[c * 100_000 + r] = embedding.data[r * 48 + c];
    const transposed = large.map((t) =>
      t === embedding ? { ...t, rowStride: 1, columnStride: 100_000, data: flipped } : t,
    );
    const ids = Uint32Array.of(99_999, 0, 50_000);
    const [a, b] = await Promise.all(
      [large, transposed].map((parts) => buildEngine(createWasmEngineBuilder, config, parts, { dtype: 'q8' })),
    );
    expect((await a.forward(ids, 0)).logits).toEqual((await b.forward(ids, 0)).logits);
  });

  it('without its optional parts runs on one thread and says what it lacks', async () => {
    const bare = wasmBackend({ loadKernels: importKernels });
    const engine = await buildEngine(bare, smallConfig, tensors, { dtype: 'q8', threads: 2 });
    const full = await load(tensors);
    const ids = Uint32Array.of(1, 2, 3);
    expect((await engine.forward(ids, 0)).logits).toEqual((await full.forward(ids, 0)).logits);
    await expect(engine.forward(ids, 0, { inspect: true })).rejects.toThrow('built without inspection');
    await expect(engine.forwardBatch([ids], 0)).rejects.toThrow('built without batches');
  });

  it('refuses a dtype that it does not have', async () => {
    await expect(createWasmEngineBuilder(smallConfig, { dtype: 'f16' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });

  it('says how much memory it wanted when there is not enough', async () => {
    const huge = smallModel({ nEmbd: 12288, nHead: 96, nInner: 49152, vocabSize: 50257 });
    const { totalBytes } = planMemory(huge, 'f32', 1);
    expect(totalBytes).toBeGreaterThan(2 ** 32);
    const error = { code: 'OUT_OF_MEMORY', message: expect.stringContaining(`${totalBytes} bytes`) };
    await expect(createWasmEngineBuilder(huge, { dtype: 'f32', threads: 1 })).rejects.toMatchObject(error);
  });

  it('reserves no more memory than the model needs', () => {
    const memory = createModelMemory(1_000_000, false);
    expect(memory.buffer.byteLength).toBe(16 * 65536);
    const gpt2 = smallModel({ nLayer: 12, nHead: 12, nEmbd: 768, nInner: 3072, nCtx: 1024, vocabSize: 50257 });
    const q8 = planMemory(gpt2, 'q8', 1);
    const q4 = planMemory(gpt2, 'q4', 1);
    const slots = placeCache(q8.cache, initialCapacity(gpt2.nCtx)).slotBytes;
    expect(q8.totalBytes - q8.weightBytes - Math.max(slots, q8.stagingBytes)).toBeLessThan(10e6);
    expect(q4.weightBytes / q8.weightBytes).toBeLessThan(0.6);
  });

  it('cannot be used after it was finished or disposed', async () => {
    const builder = await createWasmEngineBuilder(smallConfig, { dtype: 'q8' });
    builder.dispose();
    expect(() => builder.setTensor(tensors[0])).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    await expect(builder.finish()).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});

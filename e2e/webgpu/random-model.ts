import { fromHalf, toHalf } from '../../sdk/backends/webgpu/half.ts';
import type { ModelConfig } from '../../sdk/model/config.ts';
import type { Dtype } from '../../sdk/model/dtype.ts';
import { paperConfig } from '../../sdk/model/paper-config.ts';
import type { TensorPart } from '../../sdk/model/tensor.ts';
import { weightShapes } from '../../sdk/model/weight-shapes.ts';
import { importQuantiser } from '../../sdk/quantising/import-quantiser.ts';
import { dequantise, quantisedGroup } from '../../sdk/quantising/quantised-rows.ts';
import { rowQuantiser } from '../../sdk/quantising/row-quantiser.ts';

/** Any config from a few values that differ from a small GPT-2's. */
export function makeConfig(changes: Partial<ModelConfig> = {}): ModelConfig {
  const { nLayer = 2, nEmbd = 32, nHead = 2, nCtx = 64 } = changes;
  return {
    ...paperConfig({ nLayer, nHead, nEmbd, nCtx }),
    architecture: 'gpt2',
    nLayer,
    nHead,
    nEmbd,
    nInner: nEmbd * 4,
    nCtx,
    vocabSize: 101,
    activation: 'gelu_new',
    normEpsilon: 1e-5,
    normPlacement: 'pre',
    finalNorm: true,
    tiedHead: true,
    eosTokenIds: [],
    ...changes,
  };
}

/** Uniform in [-1, 1), the same on every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Weights of any config; every matrix arrives transposed or in pieces, as checkpoints deliver them. */
export function* randomTensors(config: ModelConfig, seed = 1, scale = 0.3): Generator<TensorPart> {
  const random = randomNumbers(seed);
  for (const { name, rows, columns } of weightShapes(config)) {
    const gain = /norm\d?\.weight$/i.test(name) ? 1 : 0;
    const data = Float32Array.from({ length: rows * columns }, () => gain + random() * scale);
    if (rows === 1) {
      yield { name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
    } else if (name.includes('mlp')) {
      yield { name, rowOffset: 0, rows, columns, rowStride: 1, columnStride: rows, data };
    } else {
      for (let rowOffset = 0; rowOffset < rows; rowOffset += 37) {
        const count = Math.min(37, rows - rowOffset);
        const piece = data.slice(rowOffset * columns, (rowOffset + count) * columns);
        yield { name, rowOffset, rows: count, columns, rowStride: columns, columnStride: 1, data: piece };
        piece.fill(Number.NaN); // engines must have copied it
      }
    }
  }
}

/** Random token ids of a config. */
export function randomTokens(config: ModelConfig, count: number, seed = 7): Uint32Array {
  const random = randomNumbers(seed);
  return Uint32Array.from({ length: count }, () => Math.floor(((random() + 1) / 2) * config.vocabSize));
}

/** Replaces matrices by what is left of them in `dtype`. */
export async function* roundTensors(parts: Iterable<TensorPart>, dtype: Dtype): AsyncGenerator<TensorPart> {
  for (const part of parts) {
    if (part.rows === 1 || /positionEmbedding|convolution\.kernel/.test(part.name)) {
      yield part;
      continue;
    }
    const { rows, columns, rowStride, columnStride } = part;
    const plain = new Float32Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) plain[r * columns + c] = part.data[r * rowStride + c * columnStride];
    }
    yield { ...part, data: await roundRows(plain, columns, dtype), rowStride: columns, columnStride: 1 };
  }
}

/** What quantises in this thread. */
export const quantiser = () => rowQuantiser(importQuantiser);

/** What is left of rows of weights in `dtype`. */
export async function roundRows(data: Float32Array, columns: number, dtype: Dtype): Promise<Float32Array> {
  if (dtype === 'f32') return data;
  if (dtype === 'f16') return data.map((weight) => fromHalf(toHalf(weight)));
  const quantise = await quantiser();
  const row = new Float32Array(Math.ceil(columns / 32) * 32);
  const rounded = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += columns) {
    row.set(data.subarray(at, at + columns));
    const integers = quantise(dtype, row, row.length, quantisedGroup(dtype, columns));
    if (typeof integers === 'number') throw new RangeError('a weight is not finite');
    rounded.set(dequantise(integers, 1, columns), at);
  }
  return rounded;
}

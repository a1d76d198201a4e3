import type { LoraSlot } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import type { WeightSource } from '../run/job-control.ts';
import { newFactors, newHead, newRows, wholePart } from './new-weights.ts';

export interface FirstWeights {
  /** The job's, of which the vocabulary may be larger than the body's. */
  readonly config: ModelConfig;
  /** Rows of the body's embedding. */
  readonly vocabSize: number;
  readonly lora?: { readonly slots: readonly LoraSlot[]; readonly rank: number };
  readonly seed: number;
}

/** What a training begins with: the body's weights, and new ones for what it has not. */
export function firstWeights(body: WeightSource, { config, vocabSize, lora, seed }: FirstWeights): WeightSource {
  const rows = config.vocabSize - vocabSize;
  return async (onPart, signal) => {
    const sums = new Map<string, Float64Array>();
    const take = (part: TensorPart): void | Promise<void> => {
      if (rows > 0 && part.name === 'head.bias')
        return onPart(wholePart(part.name, 1, config.vocabSize, longer(part.data, config.vocabSize)));
      if (rows > 0 && (part.name === 'tokenEmbedding' || part.name === 'head.weight')) {
        let sum = sums.get(part.name);
        if (!sum) sums.set(part.name, (sum = new Float64Array(part.columns)));
        addRows(sum, part);
      }
      return onPart(part);
    };
    await body(take, signal);
    for (const [name, sum] of sums) {
      const mean = sum.map((value) => value / vocabSize);
      await onPart(newRows(name, { mean, first: vocabSize, rows }, seed));
    }
    for (const part of newHead(config, seed)) await onPart(part);
    if (lora) for (const part of newFactors(lora.slots, lora.rank, seed)) await onPart(part);
  };
}

function addRows(sum: Float64Array, { rows, columns, rowStride, columnStride, data }: TensorPart): void {
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) sum[c] += data[r * rowStride + c * columnStride];
}

function longer(values: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(length);
  longer.set(values);
  return longer;
}

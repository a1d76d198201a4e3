import type { PlannedTensor } from '../../checkpoint/tensor-plan.ts';
import type { ModelConfig } from '../../model/config.ts';
import { weightShapes } from '../../model/weight-shapes.ts';

/** A safetensors file whose tensors are all of one type. */
export interface StoredWeights {
  readonly bytes: number;
  readonly headerBytes: number;
  readonly type: string;
  readonly elementBytes: number;
}

/**
 * Where the embedded model's file has its weights: one after the other in the order of `weightShapes`, the blocks' matrices
 * as (inputs, outputs). The build compares this with the file and fails if they differ.
 */
export function planEmbedded(config: ModelConfig, { headerBytes, type, elementBytes }: StoredWeights): PlannedTensor[] {
  let start = headerBytes;
  return weightShapes(config).map(({ name, rows, columns }) => {
    const bytes = rows * columns * elementBytes;
    const stored = { name, type, shape: [rows, columns], start, bytes };
    start += bytes;
    return { stored, name, rowOffset: 0, rows, columns, transposed: rows > 1 && name.startsWith('blocks.') };
  });
}

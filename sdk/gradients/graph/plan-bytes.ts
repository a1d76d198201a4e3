import { quantisedRowBytes } from '../../quantising/quantised-rows.ts';
import type { TrainingPlan } from '../plan.ts';

/** Bytes that a plan's buffers and quantised matrices take; an executor has some scratch of its own besides. */
export function planBytes({ buffers, matrices }: TrainingPlan): number {
  let bytes = 0;
  for (const { length } of buffers) bytes += 4 * length;
  for (const matrix of matrices) {
    if (matrix.dtype === 'f32') continue;
    const { rows, K, group, dtype } = matrix;
    bytes += rows * (quantisedRowBytes(dtype, K) + (2 * K) / group);
  }
  return bytes;
}

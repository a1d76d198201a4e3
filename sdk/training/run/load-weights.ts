import type { Executor } from '../../gradients/executor.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { Fingerprint } from './fingerprint.ts';
import type { WeightSource } from './job-control.ts';

/**
 * Brings all values that a training begins with into an executor.
 *
 * @returns a fingerprint of them: the same for the same values, however they were parted
 */
export async function loadWeights(
  executor: Executor,
  plan: TrainingPlan,
  weights: WeightSource,
  signal: AbortSignal,
): Promise<string> {
  const values = new Map<string, number>();
  const prints = new Float64Array(2);
  await weights(async (part) => {
    signal.throwIfAborted();
    values.set(part.name, Math.max(values.get(part.name) ?? 0, (part.rowOffset + part.rows) * part.columns));
    addSamples(prints, part);
    await executor.setTensor(part);
  }, signal);
  signal.throwIfAborted();
  const wanted = [
    ...plan.parameters.map(({ name, rows, columns }) => ({ name, length: rows * columns })),
    ...plan.frozen,
    ...plan.matrices
      .filter(({ dtype }) => dtype !== 'f32')
      .map(({ name, rows, columns }) => ({ name, length: rows * columns })),
  ];
  const missing = wanted.find(({ name, length }) => (values.get(name) ?? 0) < length);
  if (missing) throw new Error(`Nobody gave (all of) the weight ${missing.name} that the training begins with.`);
  return [...prints].join(' ');
}

/** Adds hashes of four values a row, whose places depend on the row alone. Sums, so that the order of parts does not matter. */
function addSamples(prints: Float64Array, part: TensorPart): void {
  const { name, rowOffset, rows, columns, quantised } = part;
  // Read where it is needed alone: a quantised part makes its floats when asked.
  const bits = quantised ? undefined : new Uint32Array(part.data.buffer, part.data.byteOffset, part.data.length);
  const nameWords = new TextEncoder().encode(name);
  for (let r = 0; r < rows; r++) {
    const print = new Fingerprint();
    print.words(nameWords);
    print.word(rowOffset + r);
    for (let k = 0; k < 4; k++) {
      const column = ((rowOffset + r) * 7919 + k * Math.ceil(columns / 4)) % columns;
      print.word(bits ? bits[r * part.rowStride + column * part.columnStride] : integersAt(part, r, column));
    }
    const [high, low] = print.halves;
    prints[0] += high;
    prints[1] += low;
  }
}

function integersAt({ quantised }: TensorPart, row: number, column: number): number {
  if (!quantised) return 0;
  const { dtype, K, integers } = quantised;
  return integers[dtype === 'q8' ? row * K + column : (row * K + column) >> 1];
}

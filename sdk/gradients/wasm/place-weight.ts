import type { QuantisedRows, TensorPart } from '../../model/tensor.ts';
import { unusableWeight } from '../../model/unusable-weight.ts';
import { quantisePart } from '../../quantising/quantise-part.ts';
import { type LoadQuantiser, rowQuantiser } from '../../quantising/row-quantiser.ts';
import type { TrainingPlan } from '../plan.ts';
import type { MatrixPlace, PlanMemory } from './plan-memory.ts';

/**
 * Copies a part of a weight to wherever the plan has it.
 *
 * @throws GptletError BAD_CHECKPOINT for a value that is not finite
 */
export async function placeWeight(
  part: TensorPart,
  plan: TrainingPlan,
  layout: PlanMemory,
  memory: WebAssembly.Memory,
  loadQuantiser: LoadQuantiser,
): Promise<void> {
  for (const { name, buffer, offset } of plan.frozen) {
    if (name === part.name) copyFloats(part, memory, layout.vector({ buffer, offset }));
  }
  for (const { name, offset } of plan.parameters) {
    if (name === part.name) copyFloats(part, memory, layout.vector({ buffer: 'parameters', offset }));
  }
  const matrix = layout.matrices.get(part.name);
  if (!matrix || matrix.spec.dtype === 'f32') return;
  const { dtype, group, K } = matrix.spec;
  const { quantised } = part;
  if (quantised?.dtype === dtype && quantised.group === group && quantised.K === K) {
    copyQuantised(quantised, part.rowOffset, part.rows, memory, matrix);
    return;
  }
  const quantise = await rowQuantiser(loadQuantiser);
  quantisePart(part, 0, part.rows, { dtype, group, K }, quantise, (rows, at, n) => {
    copyQuantised(rows, part.rowOffset + at, n, memory, matrix);
  });
}

function copyFloats(part: TensorPart, memory: WebAssembly.Memory, address: number): void {
  const { rows, columns, rowStride, columnStride, data, rowOffset } = part;
  const out = new Float32Array(memory.buffer, address + 4 * rowOffset * columns, rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const value = data[r * rowStride + c * columnStride];
      if (!Number.isFinite(value)) throw unusableWeight(part, r);
      out[r * columns + c] = value;
    }
  }
}

function copyQuantised(
  { integers, scales }: QuantisedRows,
  row: number,
  rows: number,
  memory: WebAssembly.Memory,
  place: MatrixPlace,
): void {
  const { address, rowBytes, scaleBytes } = place;
  new Uint8Array(memory.buffer, address + row * rowBytes, rows * rowBytes).set(integers.subarray(0, rows * rowBytes));
  const count = (rows * scaleBytes) / 2;
  new Uint16Array(memory.buffer, place.scales + row * scaleBytes, count).set(scales.subarray(0, count));
}

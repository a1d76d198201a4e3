import type { TensorPart } from '../../model/tensor.ts';
import { quantisedRowBytes } from '../../quantising/quantised-rows.ts';
import type { PackedMatrix } from './memory-layout.ts';
import { placeRows } from './place-rows.ts';
import type { WasmModel } from './wasm-model.ts';

/**
 * Moves the integers of a quantised file to their places in a packed matrix: the same bits, in the order in which kernels
 * read them. False where the part has none, or others than this model: it is then packed from its floats.
 */
export function packQuantised(part: TensorPart, target: PackedMatrix, model: WasmModel): boolean {
  const { group, K } = target;
  const { quantised } = part;
  if (quantised?.dtype !== model.dtype || quantised.group !== group || quantised.K !== K) return false;
  const { layout, kernels, memory } = model;
  const { dtype, integers, scales } = quantised;
  const rowBytes = quantisedRowBytes(dtype, K);
  const groups = K / group;
  const most = Math.max(1, Math.floor(layout.stagingBytes / (rowBytes + 2 * groups)));
  for (let r = 0; r < part.rows; r += most) {
    const rows = Math.min(most, part.rows - r);
    // Integers first: a row's are a multiple of 16 bytes, so that the scales behind them are aligned.
    const scalesAt = layout.staging + rows * rowBytes;
    new Uint8Array(memory.buffer, layout.staging).set(integers.subarray(r * rowBytes, (r + rows) * rowBytes));
    new Uint16Array(memory.buffer, scalesAt).set(scales.subarray(r * groups, (r + rows) * groups));
    for (const run of placeRows(target.gap, part.rowOffset + r, rows)) {
      const from = [layout.staging + run.from * rowBytes, scalesAt + run.from * groups * 2] as const;
      kernels.packQuantised(...from, run.to, run.rows, target.weights, K, group);
    }
  }
  return true;
}

import type { TensorPart } from '../../model/tensor.ts';
import { quantisedGroup } from '../../quantising/quantised-rows.ts';
import { rowQuantiser, rowsOfBlock } from '../../quantising/row-quantiser.ts';
import type { Dtype } from '../engine.ts';
import { notFinite } from '../not-finite.ts';
import { copyQuantisedRows, packFloats, rowBytes, rowScaleBytes } from './pack-rows.ts';

/** Packs rows `first` … of a tensor to the start of `weights` and `scales`. */
type PackRows = (first: number, count: number, weights: Uint8Array, scales: Uint16Array) => void;

/**
 * Says how a tensor's rows are packed in `dtype`, K weights each. Integers of a file are taken as they are; floats are
 * quantised by the WASM engine's kernels, so that both engines run the same model.
 *
 * @param column where a column of the tensor goes; columns stay where they are by default
 */
export async function rowPacker(
  tensor: TensorPart,
  dtype: Dtype,
  K: number,
  column?: (c: number) => number,
): Promise<PackRows> {
  const { quantised } = tensor;
  if (quantised?.dtype === dtype && !column) return copyQuantisedRows.bind(undefined, quantised);

  const quantise = dtype === 'q8' || dtype === 'q4' ? await rowQuantiser(dtype) : undefined;
  const group = dtype === 'q8' && !column ? quantisedGroup(dtype, tensor.columns) : 32;
  const bytes = rowBytes(dtype, K);
  const scalesOfRow = rowScaleBytes(dtype, K) / 2;
  const block = new Float32Array(rowsOfBlock * K);
  return (first, count, weights, scales) => {
    for (let r = 0; r < count; r += rowsOfBlock) {
      const rows = block.subarray(0, Math.min(rowsOfBlock, count - r) * K);
      gatherRows(tensor, first + r, rows, K, column);
      const out = weights.subarray(r * bytes);
      if (quantise) {
        const made = quantise(rows, K, group);
        if (typeof made === 'number') throw notFinite(tensor, first + r + made);
        copyQuantisedRows(made, 0, rows.length / K, out, scales.subarray(r * scalesOfRow));
      } else packFloats(dtype, rows, out);
    }
  };
}

/** Copies rows from row `first` on; eight at a time, so that a transposed file is read along its lines. */
function gatherRows(
  { data, rowStride, columnStride, columns }: TensorPart,
  first: number,
  out: Float32Array,
  K: number,
  column = (c: number): number => c,
): void {
  const count = out.length / K;
  for (let r = 0; r < count; r += 8) {
    const end = Math.min(r + 8, count);
    for (let c = 0; c < columns; c++) {
      const target = column(c);
      const from = c * columnStride;
      for (let i = r; i < end; i++) out[i * K + target] = data[(first + i) * rowStride + from];
    }
  }
}

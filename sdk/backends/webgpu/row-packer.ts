import type { Dtype } from '../../model/dtype.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { unusableWeight } from '../../model/unusable-weight.ts';
import { gatherRows, quantisePart } from '../../quantising/quantise-part.ts';
import { quantisedGroup } from '../../quantising/quantised-rows.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import { copyQuantisedRows, packFloats, rowBytes, rowScaleBytes } from './pack-rows.ts';

/** Packs rows `first` … of a tensor to the start of `weights` and `scales`. */
type PackRows = (first: number, count: number, weights: Uint8Array, scales: Uint16Array) => void;

/** Rows of floats at a time. */
const blockRows = 16;

/**
 * Says how a tensor's rows are packed in `dtype`, K weights each. Integers of a file are taken as they are; floats are
 * quantised as the WASM engine does it, so that both engines run the same model.
 *
 * @param column where a column of the tensor goes; columns stay where they are by default
 * @throws GptletError while packing: BAD_CHECKPOINT for a number that is not finite, UNSUPPORTED_MODEL for one too large for `dtype`
 */
export async function rowPacker(
  tensor: TensorPart,
  dtype: Dtype,
  K: number,
  quantiser: () => Promise<QuantiseRows>,
  column?: (c: number) => number,
): Promise<PackRows> {
  const { quantised } = tensor;
  const check = (badRow: number): void => {
    if (badRow >= 0) throw unusableWeight(tensor, badRow, dtype);
  };
  if (quantised?.dtype === dtype && !column) {
    return (first, count, weights, scales) => {
      const bad = copyQuantisedRows(quantised, first, count, weights, scales);
      check(bad < 0 ? bad : first + bad);
    };
  }
  const bytes = rowBytes(dtype, K);
  if (dtype === 'q8' || dtype === 'q4') {
    const quantise = await quantiser();
    const group = dtype === 'q8' && !column ? quantisedGroup(dtype, tensor.columns) : 32;
    const scalesOfRow = rowScaleBytes(dtype, K) / 2;
    return (first, count, weights, scales) =>
      quantisePart(tensor, first, count, { dtype, group, K, column }, quantise, (rows, at, n) => {
        const bad = copyQuantisedRows(rows, 0, n, weights.subarray(at * bytes), scales.subarray(at * scalesOfRow));
        check(bad < 0 ? bad : first + at + bad);
      });
  }
  const block = new Float32Array(blockRows * K);
  return (first, count, weights) => {
    for (let r = 0; r < count; r += blockRows) {
      const rows = block.subarray(0, Math.min(blockRows, count - r) * K);
      gatherRows(tensor, first + r, rows, K, column);
      const bad = packFloats(dtype, rows, weights.subarray(r * bytes));
      check(bad < 0 ? bad : first + r + Math.floor(bad / K));
    }
  };
}

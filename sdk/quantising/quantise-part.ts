import type { QuantisedRows, TensorPart } from '../model/tensor.ts';
import { unusableWeight } from '../model/unusable-weight.ts';
import { mostRows, type QuantiseRows } from './row-quantiser.ts';

/** How a part's rows become integers, and where its columns go among the K of a row. @default column stays where it is */
export interface QuantisedLayout extends Pick<QuantisedRows, 'dtype' | 'group' | 'K'> {
  readonly column?: (c: number) => number;
}

/**
 * Quantises rows `first` … of a part, a few at a time.
 *
 * @param take gets rows and the number of the first of them, counted from `first`; the next ones overwrite them
 * @throws GptletError BAD_CHECKPOINT for a value that is not finite
 */
export function quantisePart(
  part: TensorPart,
  first: number,
  count: number,
  { dtype, group, K, column }: QuantisedLayout,
  quantise: QuantiseRows,
  take: (rows: QuantisedRows, at: number, n: number) => void,
): void {
  const block = new Float32Array(mostRows * K);
  for (let at = 0; at < count; at += mostRows) {
    const n = Math.min(mostRows, count - at);
    const rows = block.subarray(0, n * K);
    gatherRows(part, first + at, rows, K, column);
    const made = quantise(dtype, rows, K, group);
    if (typeof made === 'number') throw unusableWeight(part, first + at + made);
    take(made, at, n);
  }
}

/** Copies a part's rows from row `first` on to `out` (n, K); eight at a time, so that a transposed file is read along its lines. */
export function gatherRows(
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

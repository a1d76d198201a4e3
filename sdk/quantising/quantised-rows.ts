import type { QuantisedDtype } from '../model/dtype.ts';
import type { QuantisedRows, TensorPart } from '../model/tensor.ts';

/** Inputs to a scale: as many as go without padding, at most 128, since larger groups cost less and lose little. */
export function quantisedGroup(dtype: QuantisedDtype, columns: number): number {
  if (dtype === 'q4') return 32;
  return [128, 64].find((group) => columns % group === 0) ?? 32;
}

/** Bytes of the integers of one row of K weights. */
export const quantisedRowBytes = (dtype: QuantisedDtype, K: number): number => (dtype === 'q8' ? K : K / 2);

/** A tensor part of quantised rows; whoever cannot use them as they are reads `data`, made when first asked for. */
export function quantisedPart(
  place: Pick<TensorPart, 'name' | 'rowOffset' | 'rows' | 'columns'>,
  quantised: QuantisedRows,
): TensorPart {
  let data: Float32Array | undefined;
  return {
    ...place,
    rowStride: place.columns,
    columnStride: 1,
    quantised,
    get data() {
      return (data ??= dequantise(quantised, place.rows, place.columns));
    },
  };
}

/** Quantised rows as floats, (rows, columns), exactly. */
export function dequantise(quantised: QuantisedRows, rows: number, columns: number): Float32Array {
  const { dtype, group, K, integers, scales } = quantised;
  const signed = new Int8Array(integers.buffer, integers.byteOffset, integers.length);
  // A bf16 is an f32's upper half.
  const scaleOf = new Float32Array(Uint32Array.from(scales, (bits) => bits << 16).buffer);
  const data = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = r * K + c;
      const nibbles = integers[(at >> 3) * 4 + (at & 3)];
      const integer = dtype === 'q8' ? signed[at] : (at & 4 ? nibbles >> 4 : nibbles & 15) - 8;
      data[r * columns + c] = integer * scaleOf[Math.floor(at / group)];
    }
  }
  return data;
}

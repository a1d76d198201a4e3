import type { Dtype } from '../../model/dtype.ts';
import type { QuantisedRows } from '../../model/tensor.ts';
import { fromBf16, toHalf } from './half.ts';

/** Scales are stored times this, so that those of small weights keep their digits in f16 (shaders/parts/scales.wgsl). */
const scaleFactor = 256;

/** Bytes of K weights of one row, without scales. */
export const rowBytes = (dtype: Dtype, K: number): number => (K * { f32: 32, f16: 16, q8: 8, q4: 4 }[dtype]) / 8;

/** Bytes of the scales of one row: two a block of 32, padded to whole u32. */
export const rowScaleBytes = (dtype: Dtype, K: number): number =>
  dtype === 'q8' || dtype === 'q4' ? Math.ceil(K / 64) * 4 : 0;

/**
 * Writes rows of floats in the layout of shaders/parts/weights-f*.wgsl.
 *
 * @returns the index of a number that is not finite in `dtype`, or -1
 */
export function packFloats(dtype: Dtype, rows: Float32Array, weights: Uint8Array): number {
  if (dtype === 'f32') {
    weights.set(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    return rows.findIndex((value) => !Number.isFinite(value));
  }
  const halves = new Uint16Array(weights.buffer, weights.byteOffset, rows.length);
  for (let i = 0; i < rows.length; i++) halves[i] = toHalf(rows[i]);
  return halves.findIndex(isNotFinite);
}

/** Whether f16 bits stand for NaN or Infinity. */
const isNotFinite = (half: number): boolean => (half & 0x7c00) === 0x7c00;

/**
 * Writes rows `first` … of quantised ones in the layout of shaders/parts/weights-q*.wgsl and scales.wgsl. Integers lie in it
 * as they are; a scale serves several blocks, and is exact in f16 between 2^-22 and 255.
 *
 * @returns the number of a row, counted from `first`, whose scales are larger than that, or -1
 */
export function copyQuantisedRows(
  { dtype, group, K, integers, scales }: QuantisedRows,
  first: number,
  count: number,
  weights: Uint8Array,
  scalesOut: Uint16Array,
): number {
  const bytes = rowBytes(dtype, K);
  weights.set(integers.subarray(first * bytes, (first + count) * bytes));
  let bad = -1;
  for (let r = 0; r < count; r++) {
    const out = (r * rowScaleBytes(dtype, K)) / 2;
    for (let at = 0; at < K; at += group) {
      const half = toHalf(fromBf16(scales[((first + r) * K + at) / group]) * scaleFactor);
      if (isNotFinite(half)) bad = r;
      scalesOut.fill(half, out + at / 32, out + (at + group) / 32);
    }
  }
  return bad;
}

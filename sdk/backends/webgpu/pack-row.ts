import type { Dtype } from '../engine.ts';
import { fromHalf, toHalf } from './half.ts';

/** Scales are stored times this, so that those of small weights keep their digits in f16 (shaders/parts/scales.wgsl). */
const scaleFactor = 256;

/** Bytes of K weights of one row, without scales. */
export const rowBytes = (dtype: Dtype, K: number): number => (K * { f32: 32, f16: 16, q8: 8, q4: 4 }[dtype]) / 8;

/** Bytes of the scales of one row: two a block of 32, padded to whole u32. */
export const rowScaleBytes = (dtype: Dtype, K: number): number =>
  dtype === 'q8' || dtype === 'q4' ? Math.ceil(K / 64) * 4 : 0;

/**
 * Writes a row of K weights (a multiple of 32) in the layout of shaders/parts/weights-*.wgsl.
 * `weights` and `scales` are exactly one row of the destination.
 */
export function packRow(dtype: Dtype, row: Float32Array, weights: Uint8Array, scales: Uint16Array): void {
  if (dtype === 'f32') {
    weights.set(new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  } else if (dtype === 'f16') {
    const halves = new Uint16Array(weights.buffer, weights.byteOffset, row.length);
    for (let i = 0; i < row.length; i++) halves[i] = toHalf(row[i]);
  } else {
    for (let from = 0; from < row.length; from += 32) {
      scales[from / 32] = (dtype === 'q8' ? packBlockQ8 : packBlockQ4)(row, from, weights);
    }
  }
}

/** The scale as stored, rounded to f16 before it is used, so that the rounding is not an error of the weights. */
function storedScale(scale: number): { half: number; inverse: number } {
  const half = toHalf(scale * scaleFactor);
  const value = fromHalf(half) / scaleFactor;
  return { half, inverse: value === 0 ? 0 : 1 / value };
}

function packBlockQ8(row: Float32Array, from: number, weights: Uint8Array): number {
  let most = 0;
  for (let i = from; i < from + 32; i++) most = Math.max(most, Math.abs(row[i]));
  const { half, inverse } = storedScale(most / 127);
  for (let i = from; i < from + 32; i++) weights[i] = Math.max(-127, Math.min(127, Math.round(row[i] * inverse)));
  return half;
}

function packBlockQ4(row: Float32Array, from: number, weights: Uint8Array): number {
  // The largest value goes to -8, the end of the range that reaches further, whatever its sign.
  let extreme = 0;
  for (let i = from; i < from + 32; i++) if (Math.abs(row[i]) > Math.abs(extreme)) extreme = row[i];
  const { half, inverse } = storedScale(extreme / -8);
  for (let tile = from; tile < from + 32; tile += 8) {
    for (let i = 0; i < 4; i++) {
      weights[tile / 2 + i] = nibble(row[tile + i] * inverse) | (nibble(row[tile + 4 + i] * inverse) << 4);
    }
  }
  return half;
}

const nibble = (value: number): number => Math.max(0, Math.min(15, Math.round(value) + 8));

import type { QuantisedRows } from '../../model/quantised-rows.ts';
import type { Dtype } from '../engine.ts';
import { fromBf16, fromHalf, roundUpToBf16, toHalf } from './half.ts';

/** Scales are stored times this, so that those of small weights keep their digits in f16 (shaders/parts/scales.wgsl). */
const scaleFactor = 256;

/** Bytes of K weights of one row, without scales. */
export const rowBytes = (dtype: Dtype, K: number): number => (K * { f32: 32, f16: 16, q8: 8, q4: 4 }[dtype]) / 8;

/** Bytes of the scales of one row: two a block of 32, padded to whole u32. */
export const rowScaleBytes = (dtype: Dtype, K: number): number =>
  dtype === 'q8' || dtype === 'q4' ? Math.ceil(K / 64) * 4 : 0;

/**
 * Writes a row of K weights (a multiple of 32) in the layout of shaders/parts/weights-*.wgsl.
 * `weights` and `scales` are exactly one row of the destination; `group` is how many inputs share a scale in q8.
 */
export function packRow(dtype: Dtype, row: Float32Array, weights: Uint8Array, scales: Uint16Array, group = 32): void {
  if (dtype === 'f32') {
    weights.set(new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  } else if (dtype === 'f16') {
    const halves = new Uint16Array(weights.buffer, weights.byteOffset, row.length);
    for (let i = 0; i < row.length; i++) halves[i] = toHalf(row[i]);
  } else if (dtype === 'q8') {
    for (let from = 0; from < row.length; from += group) {
      scales.fill(packGroupQ8(row, from, from + group, weights), from / 32, (from + group) / 32);
    }
  } else {
    for (let from = 0; from < row.length; from += 32) scales[from / 32] = packBlockQ4(row, from, weights);
  }
}

/** Writes row `r` of quantised rows: their integers lie as the kernels want them, a scale serves several blocks. */
export function copyQuantisedRow(from: QuantisedRows, r: number, weights: Uint8Array, scales: Uint16Array): void {
  const { integers, K, group } = from;
  weights.set(integers.subarray(r * weights.length, (r + 1) * weights.length));
  for (let at = 0; at < K; at += group) {
    const half = toHalf(fromBf16(from.scales[(r * K + at) / group]) * scaleFactor);
    scales.fill(half, at / 32, (at + group) / 32);
  }
}

/** The scale as stored, rounded to f16 before it is used, so that the rounding is not an error of the weights. */
function storedScale(scale: number): { half: number; inverse: number } {
  const half = toHalf(scale * scaleFactor);
  const value = fromHalf(half) / scaleFactor;
  return { half, inverse: value === 0 ? 0 : 1 / value };
}

/** To the same integers and scale as wasm/kernels/pack-q8.ts, to the bit, so that both engines run one model. */
function packGroupQ8(row: Float32Array, from: number, end: number, weights: Uint8Array): number {
  let most = 0;
  for (let i = from; i < end; i++) most = Math.max(most, Math.abs(row[i]));
  const scale = roundUpToBf16(most / 127);
  const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
  for (let i = from; i < end; i++) weights[i] = nearest(Math.fround(row[i] * inverse));
  return toHalf(scale * scaleFactor);
}

/** To the nearest integer, halves to the even one: in an f32 this large the last digit counts ones. */
const nearest = (value: number): number => Math.fround(value + 12_582_912) - 12_582_912;

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

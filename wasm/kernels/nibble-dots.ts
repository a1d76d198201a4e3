import { BYTE_DOTS } from './dtype';

// Products of q4's weights, nibbles from 0 to 15, and activations in i8. The weights are the operand whose highest bit machines
// read differently: it is never set, and two products, at most 2 · 15 · 127, are never cut off. So all machines agree.

/** In memory, since an engine builds a constant vector anew at each use. */
const fifteen = memory.data<u8>([15]);

/** What leaves the lower nibble of each byte. */
// @ts-ignore: decorator
@inline
export function lowNibbles(): v128 {
  return v128.load_splat<u8>(fifteen);
}

/** The upper nibble of each byte. */
// @ts-ignore: decorator
@inline
export function upper(v: v128, low: v128): v128 {
  return v128.and(i16x8.shr_u(v, 4), low);
}

/**
 * sums + the products of activations x and weights w, in four lanes of i32 where that is one instruction. Elsewhere in eight of
 * i16, two for each row, which hold those of a whole group: 16 · 15 · 127 < 2^15.
 */
// @ts-ignore: decorator
@inline
export function addNibbles(sums: v128, x: v128, w: v128): v128 {
  if (BYTE_DOTS) return i32x4.relaxed_dot_i8x16_i7x16_add_s(x, w, sums);
  return i16x8.add(sums, i16x8.relaxed_dot_i8x16_i7x16_s(x, w));
}

/** Sums of a whole group in four lanes, scaled: bf16 of four rows, as f32, times that of the activations in every lane. */
// @ts-ignore: decorator
@inline
export function scaledNibbles(sums: v128, scales: v128, xScale: v128): v128 {
  const whole = BYTE_DOTS ? sums : i32x4.extadd_pairwise_i16x8_s(sums);
  return f32x4.mul(f32x4.convert_i32x4_s(whole), f32x4.mul(scales, xScale));
}

/** bf16 of two times four rows, the first in the lower halves of lanes -> f32 of the first. */
// @ts-ignore: decorator
@inline
export function lowerScales(v: v128): v128 {
  return i32x4.shl(v, 16);
}

/** And of the second. */
// @ts-ignore: decorator
@inline
export function upperScales(v: v128): v128 {
  return v128.and(v, i32x4.splat(0xffff0000));
}

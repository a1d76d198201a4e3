// The right-hand side of a matrix product, arranged so that a kernel broadcasts from consecutive bytes.
//   T = 1, f32: the row itself (K) f32, no copy
//   T = 1, q8: (K) u8, or i16 without byte products
//   T = 1, q4: (K) i8, or i16 without byte products
//   T > 1, f32: tiles of four tokens, (T/4, K, 4) f32
//   T > 1, q8, one instruction a byte product: tiles of six tokens, the last of four, (K/4, 6 or 4, 4) u8
//   T > 1, q8, three: tiles of four tokens, (T/4, K/4, 4, 4) u8
//   T > 1, q8, without byte products: tiles of four tokens, (T/4, K/4, 4, 4) i16
//   T > 1, q4, byte products: tiles of four tokens, (T/4, K/4, 4, 4) i8
//   T > 1, q4, without them: tiles of four tokens, (T/4, K/2, 4, 2) i16
// With q8 and q4 go a scale for each group, (K/group) or for a tile (K/group, its tokens) f32, and in the same order i32: in q8 zeros,
// in q4 sums. Activations are in q8 one of 127 steps from the least to
// the largest of a group, or 0 where all lie on one side of it: value = scale · (integer - zero). Integers from 0 to 127 are
// what every machine multiplies exactly as bytes (byte-dots.ts). What zero adds to a product, the sums of weights make good
// (pack.ts); as i16, integer - zero is stored. In q4 they have a sign, see operand-q4.ts.

import { BYTE_DOTS, DTYPE, Q8 } from './dtype';

/** Steps from the least to the largest activation of a group in q8: the half is for both ends' rounding. */
const STEPS: f32 = 126.5;

/** How many of `T` tokens lie in tiles of six: all but a last four or less. Five are a six as well. */
export function tokensInSixes(T: i32): i32 {
  return DTYPE == Q8 && BYTE_DOTS ? ((T + 1) / 6) * 6 : 0;
}

/** Tokens of a whole tile. */
// @ts-ignore: decorator
@inline
export function tileTokens(): i32 {
  return DTYPE == Q8 && BYTE_DOTS ? 6 : 4;
}

// @ts-ignore: decorator
@inline
export function largestLane(v: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** 1.5 · 2^23: added to a small number it rounds it, to even in the middle, and leaves it in the lowest bits. */
const ROUND: f32 = 12582912.0;

/** Four floats times `factor`, rounded; below 2^22. */
// @ts-ignore: decorator
@inline
function round4(a: v128, factor: v128): v128 {
  const round = f32x4.splat(ROUND);
  return i32x4.sub(f32x4.add(f32x4.mul(a, factor), round), round);
}

/** Eight floats times `factor`, rounded to i16; below 2^22. */
// @ts-ignore: decorator
@inline
export function round8(a: v128, b: v128, factor: v128): v128 {
  return i16x8.narrow_i32x4_s(round4(a, factor), round4(b, factor));
}

/** What divides `n` activations x, a multiple of 8, into STEPS; 0 where all are 0. Leaves their scale and, for bytes, their zero. */
function stepsOf(x: usize, n: i32, scale: usize, zero: usize): f32 {
  let low = f32x4.splat(0.0), high = low;
  for (const end = x + (<usize>n << 2); x < end; x += 32) {
    const a = v128.load(x), b = v128.load(x, 16);
    low = f32x4.pmin(low, f32x4.pmin(a, b));
    high = f32x4.pmax(high, f32x4.pmax(a, b));
  }
  const least = -largestLane(f32x4.neg(low));
  const range = largestLane(high) - least;
  // Below 1e-30 the quotient overflows; such activations are zero to any model.
  const factor: f32 = range > 1e-30 ? STEPS / range : 0;
  store<f32>(scale, range / STEPS);
  store<i32>(zero, i32x4.extract_lane(round4(f32x4.splat(least), f32x4.splat(factor)), 0));
  return factor;
}

/** x (K) f32 -> out (K) i16, integers less their zero, and the scales (K / group) of groups, `stride` bytes apart. */
export function quantiseGroups(x: usize, out: usize, K: i32, group: i32, scales: usize, sums: usize, stride: usize): void {
  for (const end = x + (<usize>K << 2); x < end; ) {
    const factor = f32x4.splat(stepsOf(x, group, scales, sums));
    for (const groupEnd = x + (<usize>group << 2); x < groupEnd; x += 32) {
      v128.store(out, round8(v128.load(x), v128.load(x, 16), factor));
      out += 16;
    }
    scales += stride;
    sums += stride;
  }
}

/**
 * x (K) f32 -> out (K) u8, four of them every `stride` bytes, with scales of its groups as often and with what is multiplied
 * by a row's sum of weights: -zero, in the lower half of an i32.
 */
export function quantiseBytes(
  x: usize, out: usize, K: i32, group: i32, scales: usize, sums: usize, stride: usize,
): void {
  for (const end = x + (<usize>K << 2); x < end; ) {
    const factor = f32x4.splat(stepsOf(x, group, scales, sums));
    const zero = load<i32>(sums);
    const zeros = i16x8.splat(<i16>zero);
    for (const groupEnd = x + (<usize>group << 2); x < groupEnd; x += 64) {
      const a = i16x8.sub(round8(v128.load(x), v128.load(x, 16), factor), zeros);
      const b = i16x8.sub(round8(v128.load(x, 32), v128.load(x, 48), factor), zeros);
      const v = i8x16.narrow_i16x8_s(a, b);
      v128.store_lane<u32>(out, v, 0);
      v128.store_lane<u32>(out + stride, v, 1);
      out += stride << 1;
      v128.store_lane<u32>(out, v, 2);
      v128.store_lane<u32>(out + stride, v, 3);
      out += stride << 1;
    }
    store<i32>(sums, zero & 0xffff);
    scales += stride;
    sums += stride;
  }
}

// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + (i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3))
  );
}

/** row (K) i16 -> lane `t` (0..3) of a tile (K/4, 4, 4) i16. */
export function copyFoursIntoTile(row: usize, tile: usize, t: i32, K: i32): void {
  let out = tile + (<usize>t << 3);
  for (const end = row + (<usize>K << 1); row < end; row += 8) {
    store<u64>(out, load<u64>(row));
    out += 32;
  }
}

/** x (K) f32 -> lane `t` (0..3) of a tile (K, 4) f32. */
export function copyIntoTile(x: usize, tile: usize, t: i32, K: i32): void {
  let out = tile + (<usize>t << 2);
  for (let k = 0; k < K; k += 4) {
    const v = v128.load(x + (<usize>k << 2));
    v128.store_lane<u32>(out, v, 0);
    v128.store_lane<u32>(out, v, 1, 16);
    v128.store_lane<u32>(out, v, 2, 32);
    v128.store_lane<u32>(out, v, 3, 48);
    out += 64;
  }
}

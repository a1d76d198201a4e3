// The right-hand side of a matrix product, arranged so that a kernel broadcasts from consecutive bytes.
//   T = 1, f32: the row itself (K) f32, no copy
//   T = 1, q8: (K) i8, or i16 without byte products; value = integer · its group's scale
//   T = 1, q4: (K) i16, value = integer · scale
//   T > 1, f32: tiles of four tokens, (T/4, K, 4) f32
//   T > 1, q8, byte products: tiles of six tokens, the last of four, (K/4, 6 or 4, 4) i8
//   T > 1, q8, without them: tiles of four tokens, (T/4, K/4, 4, 4) i16
//   T > 1, q4: tiles of four tokens, (T/4, K/2, 4, 2) i16
// With q8 go a scale for each group, (K/group) or for a tile (K/group, its tokens) f32, and with q8 and q4 the sums of the
// groups in the same order, i32. Activations get 15 bits and a sign in q4. In q8 they get 8 with a scale for each group, as weights do,
// which costs 0.03 % of perplexity and is what machines multiply fastest.

import { FLIP } from './byte-dots';
import { BYTE_DOTS, DTYPE, Q8 } from './dtype';

/** The largest integer of a quantised activation; 128 products of two of them fit into i32. */
const LARGEST: f32 = DTYPE == Q8 ? 127.0 : 32767.0;

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

/** Largest absolute value of x (K), K a multiple of 4. */
function largest(x: usize, K: i32): f32 {
  let m = f32x4.splat(0.0), n = m;
  const pairs = x + (<usize>(K & ~7) << 2);
  for (; x < pairs; x += 32) {
    m = f32x4.pmax(m, f32x4.abs(v128.load(x)));
    n = f32x4.pmax(n, f32x4.abs(v128.load(x, 16)));
  }
  if (K & 4) m = f32x4.pmax(m, f32x4.abs(v128.load(x)));
  return largestLane(f32x4.pmax(m, n));
}

/** 1.5 · 2^23: added to a small number it rounds it, to even in the middle, and leaves it in the lowest bits. */
const ROUND: f32 = 12582912.0;

/** Eight floats times `factor`, rounded to i16; below 2^22. */
// @ts-ignore: decorator
@inline
export function round8(a: v128, b: v128, factor: v128): v128 {
  const round = f32x4.splat(ROUND);
  return i16x8.narrow_i32x4_s(
    i32x4.sub(f32x4.add(f32x4.mul(a, factor), round), round),
    i32x4.sub(f32x4.add(f32x4.mul(b, factor), round), round),
  );
}

/** x (K) f32 -> out (K) i16; returns the scale. K a multiple of 8. */
export function quantiseRow(x: usize, out: usize, K: i32): f32 {
  const most = largest(x, K);
  const factor = f32x4.splat(most > 0 ? LARGEST / most : 0);
  for (let k = 0; k < K; k += 8) {
    v128.store(out, round8(v128.load(x), v128.load(x, 16), factor));
    x += 32;
    out += 16;
  }
  return most / LARGEST;
}

/** x (K) i16 -> sums (K / group) i32 of each group, `stride` bytes apart: what the offsets of packed weights add. */
export function sumGroups(x: usize, sums: usize, K: i32, group: i32, stride: usize): void {
  const ones = i16x8.splat(1);
  const end = x + (<usize>K << 1);
  while (x < end) {
    let s = i32x4.splat(0);
    for (let i = 0; i < group; i += 8) {
      s = i32x4.add(s, i32x4.dot_i16x8_s(v128.load(x), ones));
      x += 16;
    }
    store<i32>(sums, sumLanes(s));
    sums += stride;
  }
}

/** x (K) f32 -> out (K) i16 and the scales (K / group) of its groups, `stride` bytes apart. */
export function quantiseGroups(x: usize, out: usize, K: i32, group: i32, scales: usize, stride: usize): void {
  for (let k = 0; k < K; k += group) {
    store<f32>(scales, quantiseRow(x + (<usize>k << 2), out + (<usize>k << 1), group));
    scales += stride;
  }
}

/**
 * x (K) f32 -> out (K) i8, four of them every `stride` bytes, with scales and sums of its groups as often: the integers of
 * quantiseGroups. The sums make good that weights were flipped.
 */
export function quantiseBytes(
  x: usize, out: usize, K: i32, group: i32, scales: usize, sums: usize, stride: usize,
): void {
  const ones = i16x8.splat(1);
  for (const end = x + (<usize>K << 2); x < end; ) {
    const most = largest(x, group);
    const factor = f32x4.splat(most > 0 ? LARGEST / most : 0);
    let sum = i32x4.splat(0);
    for (const groupEnd = x + (<usize>group << 2); x < groupEnd; x += 64) {
      const a = round8(v128.load(x), v128.load(x, 16), factor);
      const b = round8(v128.load(x, 32), v128.load(x, 48), factor);
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.add(a, b), ones));
      const v = i8x16.narrow_i16x8_s(a, b);
      v128.store_lane<u32>(out, v, 0);
      v128.store_lane<u32>(out + stride, v, 1);
      out += stride << 1;
      v128.store_lane<u32>(out, v, 2);
      v128.store_lane<u32>(out + stride, v, 3);
      out += stride << 1;
    }
    store<f32>(scales, most / LARGEST);
    store<i32>(sums, -FLIP * sumLanes(sum));
    scales += stride;
    sums += stride;
  }
}

// @ts-ignore: decorator
@inline
function sumLanes(v: v128): i32 {
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

/** row (K) i16 -> lane `t` (0..3) of a tile (K/2, 4, 2) i16. */
export function copyI16IntoTile(row: usize, tile: usize, t: i32, K: i32): void {
  let out = tile + (<usize>t << 2);
  for (let k = 0; k < K; k += 8) {
    const v = v128.load(row + (<usize>k << 1));
    v128.store_lane<u32>(out, v, 0);
    v128.store_lane<u32>(out, v, 1, 16);
    v128.store_lane<u32>(out, v, 2, 32);
    v128.store_lane<u32>(out, v, 3, 48);
    out += 64;
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

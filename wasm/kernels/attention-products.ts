import { SCORES_BYTES } from './attention-row';
import { addProducts, dot4, FLIP, ones } from './byte-dots';
import { BYTE_DOTS, BYTE_PAIRS } from './dtype';
import { addPairs } from './matvec-q8';

// The products of attention-bytes.ts. Whatever multiplies bytes or integers of 16 bits adds in the same order, so that all modules give
// the same bits. Weights have 7 bits, which all machines with byte products multiply exactly; a query has 8, which takes a machine that
// needs one instruction for it, or 16 bits. Two queries at once read keys and values half as often; where they are not multiplied as bytes
// they read integers that were widened for all queries of a tile, in the order that bytes have: two dimensions, or positions, take the
// place of four. A query alone widens bytes on their way in.

/** log2 of the bytes that a query's dimension takes. */
export const QUERY_SHIFT: usize = BYTE_DOTS ? 0 : 1;
/** Whether weights and values are multiplied as bytes. */
export const BYTE_VALUES: bool = BYTE_DOTS || BYTE_PAIRS;
/** log2 of the bytes that a weight takes. */
export const WEIGHT_SHIFT: usize = BYTE_VALUES ? 0 : 1;
/** Bytes of 16 weights and their scale. */
const BLOCK_BYTES: usize = (16 << WEIGHT_SHIFT) + 4;

/** Where the weights of `positions` positions end, a multiple of 16. */
// @ts-ignore: decorator
@inline
export function weightsEnd(weights: usize, positions: i32): usize {
  return weights + <usize>(positions >> 4) * BLOCK_BYTES;
}

/** bytes [from, end), in fours of four, -> fours of two as i16, the first two of each four, then the others. */
export function widen(from: usize, end: usize, to: usize): void {
  for (; from < end; from += 64) {
    for (let i: usize = 0; i < 64; i += 16) {
      const v = v128.load(from + i);
      const halves = i8x16.shuffle(v, v, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
      v128.store(to + i, i16x8.extend_low_i8x16_s(halves));
      v128.store(to + i, i16x8.extend_high_i8x16_s(halves), 64);
    }
    to += 128;
  }
}

/** sums + q · k: four dimensions a lane, or two of 16 bits. */
// @ts-ignore: decorator
@inline
function addScores(sums: v128, q: v128, k: v128): v128 {
  return BYTE_DOTS ? dot4(q, k, sums) : i32x4.add(sums, i32x4.dot_i16x8_s(q, k));
}

/** sums + v · w: four positions a lane, or two of 16 bits. Weights of 7 bits are the same number to all machines. */
// @ts-ignore: decorator
@inline
function addValues(sums: v128, v: v128, w: v128, one: v128): v128 {
  return BYTE_VALUES ? addProducts(sums, v, w, one) : i32x4.add(sums, i32x4.dot_i16x8_s(v, w));
}

/** Integers as scores: times the scales of query and keys. */
// @ts-ignore: decorator
@inline
function finishScores(ints: v128, factor: v128, scales: usize, out: usize): void {
  v128.store(out, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(ints), factor), v128.load(scales)));
}

/** -FLIP · Σ q (HS): what makes good that keys were flipped. */
export function flippedSum(q: usize, HS: usize): i32 {
  if (!BYTE_DOTS) return 0;
  const one = i8x16.splat(1);
  let s = i32x4.splat(0);
  for (const end = q + HS; q < end; q += 16) s = dot4(v128.load(q), one, s);
  s = i32x4.add(s, v128.shuffle<i64>(s, s, 1, 0));
  return -FLIP * (i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1));
}

/**
 * scores = factor · keyScales · q·k up to `end`, for 16 positions at once; HS a multiple of 16. q (HS) i8 or i16, keys (…, HS/4, 16, 4) i8.
 */
export function scoresOf1(
  q: usize, HS: usize, keys: usize, scales: usize, factor: f32, flipped: i32, scores: usize, end: usize,
): void {
  const qEnd = q + (HS << QUERY_SHIFT);
  const start = i32x4.splat(BYTE_DOTS ? flipped : 0);
  const factors = f32x4.splat(factor);
  for (; scores < end; scores += 64) {
    let a0 = start, a1 = start, a2 = start, a3 = start;
    if (BYTE_DOTS) {
      for (let at = q; at < qEnd; at += 4) {
        const u = v128.load_splat<u32>(at);
        a0 = dot4(u, v128.load(keys), a0);
        a1 = dot4(u, v128.load(keys, 16), a1);
        a2 = dot4(u, v128.load(keys, 32), a2);
        a3 = dot4(u, v128.load(keys, 48), a3);
        keys += 64;
      }
    } else {
      let b0 = start, b1 = start, b2 = start, b3 = start;
      for (let at = q; at < qEnd; at += 8) {
        const u = v128.load_splat<u64>(at);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys), u));
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys, 8), u));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys, 16), u));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys, 24), u));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys, 32), u));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys, 40), u));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys, 48), u));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v128.load_ext<i8>(keys, 56), u));
        keys += 64;
      }
      a0 = addPairs(a0, b0);
      a1 = addPairs(a1, b1);
      a2 = addPairs(a2, b2);
      a3 = addPairs(a3, b3);
    }
    finishScores(a0, factors, scales, scores);
    finishScores(a1, factors, scales + 16, scores + 16);
    finishScores(a2, factors, scales + 32, scores + 32);
    finishScores(a3, factors, scales + 48, scores + 48);
    scales += 64;
  }
}

/**
 * The same for two queries, the second one's scores SCORES_BYTES behind the first's. q (HS/4, 2, 4) i8 and keys as above, or
 * q (HS/2, 2, 2) i16 and keys (…, HS/2, 16, 2) i16.
 */
export function scoresOf2(
  q: usize, HS: usize, keys: usize, scales: usize, factorA: f32, factorB: f32, flippedA: i32, flippedB: i32, scores: usize,
  end: usize,
): void {
  const qEnd = q + (HS << (QUERY_SHIFT + 1));
  for (; scores < end; scores += 64) {
    const startA = i32x4.splat(BYTE_DOTS ? flippedA : 0);
    const startB = i32x4.splat(BYTE_DOTS ? flippedB : 0);
    let a0 = startA, a1 = startA, a2 = startA, a3 = startA;
    let b0 = startB, b1 = startB, b2 = startB, b3 = startB;
    for (let at = q; at < qEnd; at += 8) {
      const u = v128.load_splat<u32>(at), v = v128.load_splat<u32>(at, 4);
      const k0 = v128.load(keys), k1 = v128.load(keys, 16);
      a0 = addScores(a0, u, k0);
      b0 = addScores(b0, v, k0);
      a1 = addScores(a1, u, k1);
      b1 = addScores(b1, v, k1);
      const k2 = v128.load(keys, 32), k3 = v128.load(keys, 48);
      a2 = addScores(a2, u, k2);
      b2 = addScores(b2, v, k2);
      a3 = addScores(a3, u, k3);
      b3 = addScores(b3, v, k3);
      keys += 64;
    }
    const A = f32x4.splat(factorA);
    finishScores(a0, A, scales, scores);
    finishScores(a1, A, scales + 16, scores + 16);
    finishScores(a2, A, scales + 32, scores + 32);
    finishScores(a3, A, scales + 48, scores + 48);
    const B = f32x4.splat(factorB);
    finishScores(b0, B, scales, scores + SCORES_BYTES);
    finishScores(b1, B, scales + 16, scores + SCORES_BYTES + 16);
    finishScores(b2, B, scales + 32, scores + SCORES_BYTES + 32);
    finishScores(b3, B, scales + 48, scores + SCORES_BYTES + 48);
    scales += 64;
  }
}

/** y += scale · integers. */
// @ts-ignore: decorator
@inline
function addScaled(y: usize, ints: v128, scale: v128): void {
  v128.store(y, f32x4.add(v128.load(y), f32x4.mul(f32x4.convert_i32x4_s(ints), scale)));
}

/** y (16) += Σ_t w_t v_t over blocks of 16 positions [w, wEnd), each with its scale; values (…/4, 16, 4) i8. */
export function weigh1(w: usize, wEnd: usize, values: usize, y: usize): void {
  const one = v128.load(ones);
  for (; w < wEnd; w += BLOCK_BYTES) {
    let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    const blockEnd = w + (16 << WEIGHT_SHIFT);
    if (BYTE_VALUES) {
      for (let at = w; at < blockEnd; at += 4) {
        const u = v128.load_splat<u32>(at);
        a0 = addValues(a0, v128.load(values), u, one);
        a1 = addValues(a1, v128.load(values, 16), u, one);
        a2 = addValues(a2, v128.load(values, 32), u, one);
        a3 = addValues(a3, v128.load(values, 48), u, one);
        values += 64;
      }
    } else {
      let b0 = a0, b1 = a0, b2 = a0, b3 = a0;
      for (let at = w; at < blockEnd; at += 8) {
        const u = v128.load_splat<u64>(at);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(values), u));
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(values, 8), u));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(values, 16), u));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(values, 24), u));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(values, 32), u));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v128.load_ext<i8>(values, 40), u));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(values, 48), u));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v128.load_ext<i8>(values, 56), u));
        values += 64;
      }
      a0 = addPairs(a0, b0);
      a1 = addPairs(a1, b1);
      a2 = addPairs(a2, b2);
      a3 = addPairs(a3, b3);
    }
    const scale = v128.load_splat<u32>(blockEnd);
    addScaled(y, a0, scale);
    addScaled(y + 16, a1, scale);
    addScaled(y + 32, a2, scale);
    addScaled(y + 48, a3, scale);
  }
}

/**
 * The same for two queries: y (2, 16), the second one's weights SCORES_BYTES behind the first's. Values as above, or (…/2, 16, 2) i16.
 */
export function weigh2(w: usize, wEnd: usize, values: usize, y: usize): void {
  const one = v128.load(ones);
  for (; w < wEnd; w += BLOCK_BYTES) {
    let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    let b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    const blockEnd = w + (16 << WEIGHT_SHIFT);
    for (let at = w; at < blockEnd; at += 4) {
      const u = v128.load_splat<u32>(at), v = v128.load_splat<u32>(at, SCORES_BYTES);
      const v0 = v128.load(values), v1 = v128.load(values, 16);
      a0 = addValues(a0, v0, u, one);
      b0 = addValues(b0, v0, v, one);
      a1 = addValues(a1, v1, u, one);
      b1 = addValues(b1, v1, v, one);
      const v2 = v128.load(values, 32), v3 = v128.load(values, 48);
      a2 = addValues(a2, v2, u, one);
      b2 = addValues(b2, v2, v, one);
      a3 = addValues(a3, v3, u, one);
      b3 = addValues(b3, v3, v, one);
      values += 64;
    }
    const A = v128.load_splat<u32>(blockEnd);
    addScaled(y, a0, A);
    addScaled(y + 16, a1, A);
    addScaled(y + 32, a2, A);
    addScaled(y + 48, a3, A);
    const B = v128.load_splat<u32>(blockEnd, SCORES_BYTES);
    addScaled(y + 64, b0, B);
    addScaled(y + 80, b1, B);
    addScaled(y + 96, b2, B);
    addScaled(y + 112, b3, B);
  }
}

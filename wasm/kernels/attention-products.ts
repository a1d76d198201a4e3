import { dot4, FLIP } from './byte-dots';
import { BYTE_DOTS } from './dtype';
import { addPairs } from './matvec-q8';

// The products of attention-bytes.ts, twice: of bytes, and of bytes widened on their way in. Their integers are the same
// and their floats are made in the same order, so both give the same bits.

/** log2 of the bytes that a weight or a query's dimension takes. */
export const SHIFT: usize = BYTE_DOTS ? 0 : 1;
/** Bytes of 16 weights and their scale. */
export const BLOCK_BYTES: usize = (16 << SHIFT) + 4;

/** Integers as scores: times the scales of query and keys. */
// @ts-ignore: decorator
@inline
function finishScores(ints: v128, factor: v128, scales: usize, out: usize): void {
  v128.store(out, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(ints), factor), v128.load(scales)));
}

/** -FLIP · Σ q (HS) i8 in all lanes: what makes good that keys were flipped. */
function flippedSum(q: usize, HS: usize): v128 {
  const ones = i8x16.splat(1);
  let s = i32x4.splat(0);
  for (const end = q + HS; q < end; q += 16) s = dot4(v128.load(q), ones, s);
  s = i32x4.add(s, v128.shuffle<i64>(s, s, 1, 0));
  return i32x4.mul(i32x4.add(s, v128.shuffle<i32>(s, s, 1, 0, 3, 2)), i32x4.splat(-FLIP));
}

/**
 * scores = factor · keyScales · q·k of `count` positions, a multiple of 16 as HS is. q (HS) i8 or i16,
 * keys (count/16, HS/4, 16, 4) i8.
 */
export function scoresBytes(
  q: usize, HS: usize, keys: usize, scales: usize, count: i32, factor: v128, scores: usize,
): void {
  const qEnd = q + (HS << SHIFT);
  const start = BYTE_DOTS ? flippedSum(q, HS) : i32x4.splat(0);
  for (const end = scores + (<usize>count << 2); scores < end; scores += 64) {
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
    finishScores(a0, factor, scales, scores);
    finishScores(a1, factor, scales + 16, scores + 16);
    finishScores(a2, factor, scales + 32, scores + 32);
    finishScores(a3, factor, scales + 48, scores + 48);
    scales += 64;
  }
}

/** y + scale · integers. */
// @ts-ignore: decorator
@inline
function addScaled(y: v128, ints: v128, scale: v128): v128 {
  return f32x4.add(y, f32x4.mul(f32x4.convert_i32x4_s(ints), scale));
}

/** out (16) = factor · Σ_t w_t v_t over blocks of 16 positions [w, wEnd), each with its scale; values (nCtx/4, 16, 4) i8. */
export function weigh16(w: usize, wEnd: usize, values: usize, factor: v128, out: usize): void {
  let y0 = f32x4.splat(0.0), y1 = y0, y2 = y0, y3 = y0;
  for (; w < wEnd; w += BLOCK_BYTES) {
    const scale = v128.load_splat<u32>(w + (16 << SHIFT));
    let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    const blockEnd = w + (16 << SHIFT);
    if (BYTE_DOTS) {
      for (let at = w; at < blockEnd; at += 4) {
        // Seven bits are the same number whatever an eighth means to the machine: no need to flip.
        const u = v128.load_splat<u32>(at);
        a0 = dot4(v128.load(values), u, a0);
        a1 = dot4(v128.load(values, 16), u, a1);
        a2 = dot4(v128.load(values, 32), u, a2);
        a3 = dot4(v128.load(values, 48), u, a3);
        values += 64;
      }
    } else {
      let b0 = i32x4.splat(0), b1 = b0, b2 = b0, b3 = b0;
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
    y0 = addScaled(y0, a0, scale);
    y1 = addScaled(y1, a1, scale);
    y2 = addScaled(y2, a2, scale);
    y3 = addScaled(y3, a3, scale);
  }
  v128.store(out, f32x4.mul(y0, factor));
  v128.store(out, f32x4.mul(y1, factor), 16);
  v128.store(out, f32x4.mul(y2, factor), 32);
  v128.store(out, f32x4.mul(y3, factor), 48);
}

import { sum4 } from './layer-norm';
import { largest, largestLane, round8 } from './operand';
import { exponentials, storeUpTo4 } from './softmax';

// Key-value cache of one head in half the bytes of f32: i16 with one scale for each position, finer than f16
// for vectors like these, and multiplied by the same exact i32x4.dot_i16x8_s as the weights.
// Keys (nCtx/8, HS/2, 8, 2): lanes are positions. Values (HS/32, nCtx/2, 32, 2): pairs of positions, and 32
// channels (the last chunk may be narrower) form a stream of their own. HS padded to 4, nCtx to 8.
// 12 bits and a sign for both: then 2^13 · 2^12 · HS fits into i32 up to HS = 64, see queryLimit.

const LARGEST: f32 = 4095.0;
/** Σ probability · value must stay below 2^31; leaves room for probabilities rounded up in contexts of 40,000. */
const MOST_WEIGHT: f32 = 500000.0;

/** Largest integer of a query, so that HS products with 4095 fit into i32. */
// @ts-ignore: decorator
@inline
function queryLimit(HS: i32): f32 {
  return min<f32>(8191.0, <f32>524000.0 / <f32>HS);
}

/** Largest absolute value of x (HS), any HS. */
function largestOf(x: usize, HS: i32): f32 {
  const whole = HS & ~3;
  let most = largest(x, whole);
  for (let d = whole; d < HS; d++) most = max<f32>(most, abs<f32>(load<f32>(x + (<usize>d << 2))));
  return most;
}

/** x (HS) f32 -> out (HS padded to 4) i16, the largest becomes `limit`; returns the scale. */
function quantiseHead(x: usize, out: usize, limit: f32, HS: i32): f32 {
  const most = largestOf(x, HS);
  const factor: f32 = most > 0 ? limit / most : 0;
  const whole = HS & ~7;
  const factor4 = f32x4.splat(factor);
  for (let d = 0; d < whole; d += 8) v128.store(out + (<usize>d << 1), round8(x + (<usize>d << 2), factor4));
  for (let d = whole; d < ((HS + 3) & ~3); d++) {
    store<i16>(out + (<usize>d << 1), d < HS ? <i16>nearest<f32>(load<f32>(x + (<usize>d << 2)) * factor) : 0);
  }
  return most / limit;
}

/** Writes one token's key and value (HS) f32 to position t of `positions`; ints (HS) i16 is scratch. */
export function storeI16(
  key: usize, value: usize, keys: usize, values: usize, keyScales: usize, valueScales: usize, t: i32, positions: i32,
  HS: i32, ints: usize,
): void {
  const padded = <usize>(HS + 3) >> 2 << 2;
  store<f32>(keyScales + (<usize>t << 2), quantiseHead(key, ints, LARGEST, HS));
  const k = keys + (<usize>t >> 3) * (padded << 4) + ((<usize>t & 7) << 2);
  for (let d: usize = 0; d < padded; d += 2) store<u32>(k + (d << 4), load<u32>(ints + (d << 1)));
  store<f32>(valueScales + (<usize>t << 2), quantiseHead(value, ints, LARGEST, HS));
  for (let chunk: usize = 0; chunk < padded; chunk += 32) {
    const width = min<usize>(32, padded - chunk);
    const v = values + chunk * (<usize>positions << 1) + (<usize>t >> 1) * (width << 2) + ((<usize>t & 1) << 1);
    for (let d: usize = 0; d < width; d++) store<u16>(v + (d << 2), load<u16>(ints + ((chunk + d) << 1)));
  }
}

/** scores [first, last) = scale · q·k_t, in eights from first rounded down to last rounded up. */
function scoresI16(
  q: usize, keys: usize, keyScales: usize, first: i32, last: i32, scale: f32, padded: usize, scores: usize,
): void {
  const scale4 = f32x4.splat(scale);
  let p = keys + (<usize>first >> 3) * (padded << 4);
  const qEnd = q + (padded << 1);
  for (let t = first & ~7; t < last; t += 8) {
    let a = i32x4.splat(0), b = i32x4.splat(0), c = i32x4.splat(0), d = i32x4.splat(0);
    for (let at = q; at < qEnd; at += 8) {
      let u = v128.load_splat<u32>(at);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(p), u));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(p, 16), u));
      u = v128.load_splat<u32>(at, 4);
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(p, 32), u));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load(p, 48), u));
      p += 64;
    }
    const at = <usize>t << 2;
    a = f32x4.mul(f32x4.convert_i32x4_s(i32x4.add(a, c)), scale4);
    b = f32x4.mul(f32x4.convert_i32x4_s(i32x4.add(b, d)), scale4);
    v128.store(scores + at, f32x4.mul(a, v128.load(keyScales + at)));
    v128.store(scores + at, f32x4.mul(b, v128.load(keyScales + at, 16)), 16);
  }
}

/**
 * probabilities · valueScales -> integers in `out` (i16), zero outside [first, last) up to the next four;
 * returns what one unit is worth. As many bits as the i32 sums allow: fewer for flat distributions.
 */
function quantiseProbabilities(probabilities: usize, valueScales: usize, first: i32, last: i32, out: usize): f32 {
  let sums = f32x4.splat(0.0), m = f32x4.splat(0.0);
  for (let t = first & ~3; t < last; t += 4) {
    const at = <usize>t << 2;
    const p = v128.load(probabilities + at);
    // Scales of positions that hold nothing yet may be anything, also NaN.
    const w = v128.and(f32x4.mul(p, v128.load(valueScales + at)), f32x4.gt(p, f32x4.splat(0.0)));
    sums = f32x4.add(sums, w);
    m = f32x4.pmax(m, w);
  }
  const most = largestLane(m);
  if (!(most > 0)) {
    memory.fill(out + (<usize>(first & ~3) << 1), 0, <usize>(((last + 3) & ~3) - (first & ~3)) << 1);
    return 0;
  }
  const factor: f32 = min<f32>(<f32>32767.0 / most, MOST_WEIGHT / sum4(sums));
  const factor4 = f32x4.splat(factor);
  for (let t = first & ~3; t < last; t += 4) {
    const at = <usize>t << 2;
    const p = v128.load(probabilities + at);
    const w = v128.and(f32x4.mul(p, v128.load(valueScales + at)), f32x4.gt(p, f32x4.splat(0.0)));
    const q = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(w, factor4)));
    v128.store_lane<u64>(out + (<usize>t << 1), i16x8.narrow_i32x4_s(q, q), 0);
  }
  return <f32>1.0 / factor;
}

/** out (32) = factor · Σ_t w_t v_t over pairs of positions [from, to); values (…, 32, 2). */
function weigh32(w: usize, from: i32, to: i32, values: usize, factor: v128, out: usize): void {
  let a0 = i32x4.splat(0), a1 = i32x4.splat(0), a2 = i32x4.splat(0), a3 = i32x4.splat(0);
  let a4 = i32x4.splat(0), a5 = i32x4.splat(0), a6 = i32x4.splat(0), a7 = i32x4.splat(0);
  for (let t = from; t < to; t += 2) {
    const u = v128.load_splat<u32>(w + (<usize>t << 1));
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load(values), u));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load(values, 16), u));
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load(values, 32), u));
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load(values, 48), u));
    a4 = i32x4.add(a4, i32x4.dot_i16x8_s(v128.load(values, 64), u));
    a5 = i32x4.add(a5, i32x4.dot_i16x8_s(v128.load(values, 80), u));
    a6 = i32x4.add(a6, i32x4.dot_i16x8_s(v128.load(values, 96), u));
    a7 = i32x4.add(a7, i32x4.dot_i16x8_s(v128.load(values, 112), u));
    values += 128;
  }
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a0), factor));
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a1), factor), 16);
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a2), factor), 32);
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a3), factor), 48);
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a4), factor), 64);
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a5), factor), 80);
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a6), factor), 96);
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a7), factor), 112);
}

/** Four channels of a chunk `width` wide, from channel d; writes those below `channels` only. */
function weigh4(
  w: usize, from: i32, to: i32, values: usize, width: usize, d: usize, factor: v128, out: usize, channels: usize,
): void {
  let a = i32x4.splat(0);
  let p = values + (d << 2);
  for (let t = from; t < to; t += 2) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(p), v128.load_splat<u32>(w + (<usize>t << 1))));
    p += width << 2;
  }
  storeUpTo4(out + (d << 2), f32x4.mul(f32x4.convert_i32x4_s(a), factor), channels - d);
}

/**
 * out (HS) = Σ softmax(scale · q·k_t) v_t over first <= t < last. query (HS) f32; scores (nCtx) f32, left
 * holding the unnormalised probabilities, whose sum is returned; weights (nCtx) i16 and q (HS) i16 are scratch.
 */
export function attendI16(
  query: usize, keys: usize, values: usize, keyScales: usize, valueScales: usize, first: i32, last: i32, scale: f32,
  positions: i32, HS: i32, scores: usize, weights: usize, q: usize, out: usize,
): f32 {
  const padded = <usize>(HS + 3) >> 2 << 2;
  scoresI16(q, keys, keyScales, first, last, quantiseHead(query, q, queryLimit(HS), HS) * scale, padded, scores);
  const sum = exponentials(scores, first, last);
  const factor = f32x4.splat(quantiseProbabilities(scores, valueScales, first, last, weights) / sum);
  const from = first & ~1;
  for (let chunk: usize = 0; chunk < padded; chunk += 32) {
    const width = min<usize>(32, padded - chunk);
    const v = values + chunk * (<usize>positions << 1) + (<usize>from >> 1) * (width << 2);
    const at = out + (chunk << 2);
    // A whole chunk at once, unless it is narrower or ends inside the padding: the next head's output follows.
    if (chunk + 32 <= <usize>HS) weigh32(weights, from, last, v, factor, at);
    else for (let d: usize = 0; d < width; d += 4) weigh4(weights, from, last, v, width, d, factor, at, <usize>HS - chunk);
  }
  return sum;
}

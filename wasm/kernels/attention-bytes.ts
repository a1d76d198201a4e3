import { BYTE_VALUES, WEIGHT_SHIFT, weightsEnd } from './attention-products';
import { FLIP } from './byte-dots';
import { sum4 } from './layer-norm';
import { round8 } from './operand';

// Key-value cache of one head in bytes, a quarter of f32: each position's key and value rounded with a scale of its own.
// Keys (positions/16, HS/4, 16, 4): 16 positions at once, four dimensions of each. Values (HS/16, positions/4, 16, 4): 16 channels
// form a stream of their own, four positions of each. HS padded to 16. Scales
// (positions) f32.
// Queries are rounded like keys. Probabilities, times the scales of their values, get 7 bits with a scale for every 16
// positions: a position on which nearly all attention rests takes no digits from those in other blocks.

/** 1 / 127, what one unit of 8 bits is worth beside the largest. */
const ONE: f32 = 0.007874016;

/** The largest lane in all lanes. */
// @ts-ignore: decorator
@inline
function largestLanes(v: v128): v128 {
  v = f32x4.pmax(v, v128.shuffle<i64>(v, v, 1, 0));
  return f32x4.pmax(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2));
}

// @ts-ignore: decorator
@inline
function largestOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
}

/** 127 / most in all lanes, 0 where `most` is next to nothing. */
// @ts-ignore: decorator
@inline
function factorOf(most: v128): v128 {
  return v128.and(f32x4.div(f32x4.splat(127.0), most), f32x4.gt(most, f32x4.splat(1e-30)));
}

/** 16 integers, as i16 or i8. */
// @ts-ignore: decorator
@inline
function storeInts(out: usize, low: v128, high: v128, wide: bool): void {
  if (wide) {
    v128.store(out, low);
    v128.store(out, high, 16);
  } else v128.store(out, i8x16.narrow_i16x8_s(low, high));
}

/**
 * x (HS) f32 -> integers (HS padded to 16), i8 or, if `wide`, i16, in `out`; the largest becomes 127. Returns the scale.
 * `floats` (HS padded to 16) have zeros as padding, for heads that end elsewhere.
 */
export function quantiseHead(x: usize, out: usize, floats: usize, HS: i32, wide: bool): f32 {
  const bytes = <usize>((HS + 15) & ~15) << 2;
  if (HS & 15) {
    memory.copy(floats, x, <usize>HS << 2);
    x = floats;
  }
  const end = x + bytes;
  let m = f32x4.splat(0.0);
  for (let at = x; at < end; at += 64) {
    const a = f32x4.abs(v128.load(at)), b = f32x4.abs(v128.load(at, 16));
    m = f32x4.pmax(m, largestOf4(a, b, f32x4.abs(v128.load(at, 32)), f32x4.abs(v128.load(at, 48))));
  }
  m = largestLanes(m);
  const factor = factorOf(m);
  for (; x < end; x += 64) {
    const low = round8(v128.load(x), v128.load(x, 16), factor);
    const high = round8(v128.load(x, 32), v128.load(x, 48), factor);
    storeInts(out, low, high, wide);
    out += wide ? 32 : 16;
  }
  return f32x4.extract_lane(m, 0) * ONE;
}

/** Writes one token's key and value (HS) f32 to position t of `positions`; scratch (HS padded to 16, eight bytes). */
export function storeBytes(
  key: usize, value: usize, keys: usize, values: usize, keyScales: usize, valueScales: usize, t: i32, positions: i32,
  HS: i32, scratch: usize,
): void {
  const padded = <usize>(HS + 15) & ~15;
  const floats = scratch + (padded << 2);
  store<f32>(keyScales + (<usize>t << 2), quantiseHead(key, scratch, floats, HS, false));
  const k = keys + (<usize>t >> 4) * (padded << 4) + ((<usize>t & 15) << 2);
  for (let d: usize = 0; d < padded; d += 4) store<u32>(k + (d << 4), load<u32>(scratch + d) ^ (0x01010101 * FLIP));
  store<f32>(valueScales + (<usize>t << 2), quantiseHead(value, scratch, floats, HS, false));
  // Four channels at once; bytes of later positions, which hold nothing now, become anything.
  const shift = (t & 3) << 3;
  const before = i32x4.splat((1 << shift) - 1);
  let v = values + ((<usize>t >> 2) << 6);
  for (const end = scratch + padded; scratch < end; scratch += 16) {
    for (let d: usize = 0; d < 16; d += 4) {
      const four = i32x4.shl(i32x4.extend_low_i16x8_s(v128.load_ext<i8>(scratch + d)), shift);
      v128.store(v + (d << 2), v128.or(v128.and(v128.load(v + (d << 2)), before), four));
    }
    v += <usize>positions << 4;
  }
}

/**
 * scores [at, end) -> 2^(score - most) in place, returns their sum; a multiple of 16. Relative error 7.5e-5, enough for what becomes
 * 7 bits; 0 below 2^-127.
 */
export function powersOf2(at: usize, end: usize, most: f32): f32 {
  // In memory, see exp.ts: -127; 1.5 · 2^23 + 127; 2^r for |r| <= 0.5, minimax.
  const constants = memory.data<f32>([-127.0, 12583039.0, 0.99992806, 0.69326097, 0.24261113, 0.05517167]);
  const m = f32x4.splat(most);
  let sums = f32x4.splat(0.0);
  for (; at < end; at += 16) {
    const x = f32x4.pmax(v128.load_splat<u32>(constants), f32x4.sub(v128.load(at), m));
    const shifted = f32x4.add(x, v128.load_splat<u32>(constants, 4));
    const r = f32x4.sub(x, f32x4.sub(shifted, v128.load_splat<u32>(constants, 4)));
    const low = f32x4.add(v128.load_splat<u32>(constants, 8), f32x4.mul(r, v128.load_splat<u32>(constants, 12)));
    const high = f32x4.add(v128.load_splat<u32>(constants, 16), f32x4.mul(r, v128.load_splat<u32>(constants, 20)));
    const p = f32x4.mul(f32x4.add(low, f32x4.mul(f32x4.mul(r, r), high)), i32x4.shl(shifted, 23));
    v128.store(at, p);
    sums = f32x4.add(sums, p);
  }
  return sum4(sums);
}

/** Four probabilities times the scales of their values; those of positions that hold nothing yet may be anything, also NaN. */
// @ts-ignore: decorator
@inline
function weight4(probabilities: usize, scales: usize): v128 {
  return f32x4.pmax(f32x4.splat(0.0), f32x4.mul(v128.load(probabilities), v128.load(scales)));
}

/** `count` probabilities · scales -> blocks of 16 weights in `out`, i8 or i16, each with its scale. */
export function quantiseWeights(p: usize, count: i32, scales: usize, out: usize): void {
  for (const end = p + (<usize>count << 2); p < end; p += 64) {
    const a = weight4(p, scales), b = weight4(p + 16, scales + 16);
    const c = weight4(p + 32, scales + 32), d = weight4(p + 48, scales + 48);
    const most = largestLanes(largestOf4(a, b, c, d));
    const factor = factorOf(most);
    storeInts(out, round8(a, b, factor), round8(c, d, factor), !BYTE_VALUES);
    v128.store_lane<u32>(out + (16 << WEIGHT_SHIFT), f32x4.mul(most, f32x4.splat(ONE)), 0);
    out = weightsEnd(out, 16);
    scales += 64;
  }
}


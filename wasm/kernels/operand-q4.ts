import { BYTE_DOTS, BYTES } from './dtype';
import { largestLane, round8 } from './operand';

/** The largest integer of an activation. */
const LARGEST: f32 = 127.0;

// @ts-ignore: decorator
@inline
function larger(m: v128, x: usize): v128 {
  return f32x4.pmax(f32x4.pmax(m, f32x4.abs(v128.load(x))), f32x4.abs(v128.load(x, 16)));
}

/**
 * x (K) f32 -> 8 bits and a sign, with a scale for each 32: where products are of bytes, out has four i8 every `stride` bytes, else
 * two i16. `scales` and `sums` are as far apart. Sums make good that weights have 8 added: Σ x where they are not
 * bytes, else -8 Σ x in the form of the sums of nibble-dots.ts, an i32 or two i16.
 */
export function quantiseForQ4(x: usize, out: usize, K: i32, scales: usize, sums: usize, stride: usize): void {
  const ones = i16x8.splat(1);
  for (const end = x + (<usize>K << 2); x < end; ) {
    const most = largestLane(larger(larger(larger(larger(f32x4.splat(0.0), x), x + 32), x + 64), x + 96));
    const factor = f32x4.splat(most > 0 ? LARGEST / most : 0);
    let sum = i32x4.splat(0);
    for (const groupEnd = x + 128; x < groupEnd; x += 64) {
      const a = round8(v128.load(x), v128.load(x, 16), factor);
      const b = round8(v128.load(x, 32), v128.load(x, 48), factor);
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.add(a, b), ones));
      if (BYTES) out = storeLanes(i8x16.narrow_i16x8_s(a, b), out, stride);
      else out = storeLanes(b, storeLanes(a, out, stride), stride);
    }
    store<f32>(scales, most / LARGEST);
    store<i32>(sums, madeGood(sum));
    scales += stride;
    sums += stride;
  }
}

/** Four lanes, `stride` bytes apart; returns where the next one goes. */
// @ts-ignore: decorator
@inline
function storeLanes(v: v128, out: usize, stride: usize): usize {
  v128.store_lane<u32>(out, v, 0);
  v128.store_lane<u32>(out + stride, v, 1);
  out += stride << 1;
  v128.store_lane<u32>(out, v, 2);
  v128.store_lane<u32>(out + stride, v, 3);
  return out + (stride << 1);
}

/** Lanes are sums of neighbours, of the first two of four inputs and of the last two in turn. */
// @ts-ignore: decorator
@inline
function madeGood(v: v128): i32 {
  const first = i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 2);
  const last = i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 3);
  if (!BYTES) return first + last;
  return BYTE_DOTS ? -8 * (first + last) : ((-8 * first) & 0xffff) | ((-8 * last) << 16);
}

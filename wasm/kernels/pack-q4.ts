import { sum4 } from './layer-norm';
import { largestLane } from './operand';

/** Σ (w - scale · q)² over 32 weights with q = round(w / scale) in -8..7. */
function squaredError(w: usize, scale: f32): f32 {
  const factor = f32x4.splat(<f32>1.0 / scale);
  const scale4 = f32x4.splat(scale);
  let sum = f32x4.splat(0.0);
  for (let i = 0; i < 128; i += 16) {
    const v = v128.load(w + i);
    const q = f32x4.pmin(f32x4.pmax(f32x4.nearest(f32x4.mul(v, factor)), f32x4.splat(-8.0)), f32x4.splat(7.0));
    const d = f32x4.sub(v, f32x4.mul(q, scale4));
    sum = f32x4.add(sum, f32x4.mul(d, d));
  }
  return sum4(sum);
}

/** Four weights as integers -8..7. */
// @ts-ignore: decorator
@inline
function round4(w: usize, factor: v128): v128 {
  const q = f32x4.nearest(f32x4.mul(v128.load(w), factor));
  return i32x4.trunc_sat_f32x4_s(f32x4.pmin(f32x4.pmax(q, f32x4.splat(-8.0)), f32x4.splat(7.0)));
}

/** Rounded to the nearest bf16. */
// @ts-ignore: decorator
@inline
function toBf16(value: f32): f32 {
  return reinterpret<f32>((reinterpret<u32>(value) + 0x8000) & 0xffff0000);
}

/**
 * The scale with the least squared error among a few: the extreme weight is put at every half step from
 * -10 to -7 and from 7 to 9.5. Clipping one extreme a little often pays for all the others.
 */
function bestScale(w: usize): f32 {
  let most = f32x4.splat(0.0), least4 = f32x4.splat(0.0);
  for (let i = 0; i < 128; i += 16) {
    most = f32x4.pmax(most, v128.load(w + i));
    least4 = f32x4.pmin(least4, v128.load(w + i));
  }
  const highest = largestLane(most);
  const lowest = -largestLane(f32x4.neg(least4));
  const extreme = highest >= -lowest ? highest : lowest;
  // Below this the reciprocal overflows; such weights are zero to any model.
  if (abs<f32>(extreme) < 1e-30) return 0;
  let best: f32 = 0;
  let least: f32 = f32.MAX_VALUE;
  for (let i = 0; i < 13; i++) {
    const place: f32 = i < 7 ? <f32>-10.0 + <f32>0.5 * <f32>i : <f32>3.5 + <f32>0.5 * <f32>i;
    const scale = toBf16(extreme / place);
    const error = squaredError(w, scale);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

/** row (K) f32 -> its places in a q4 block, 32 weights to a scale; `lane` (0..15) is the row's place in the block. */
export function pack4(row: usize, block: usize, lane: usize, K: i32): void {
  const shift = <i32>(lane >> 2 << 2);
  // The topmost nibble of an i16 carries its sign; the others are unsigned, see pack.ts.
  const offset = i16x8.splat(lane < 12 ? 8 : 0);
  const mine = i16x8.shl(i16x8.splat(15), shift);
  const others = ~i32x4.extract_lane(mine, 0);
  let out = block + ((lane & 3) << 2);
  let scales = block + 256 + (lane << 1);
  for (let k = 0; k < K; k += 32) {
    const from = row + (<usize>k << 2);
    const scale = bestScale(from);
    const factor = f32x4.splat(scale != 0 ? <f32>1.0 / scale : 0);
    for (let i: usize = 0; i < 128; i += 32) {
      const q = i16x8.add(i16x8.narrow_i32x4_s(round4(from + i, factor), round4(from + i + 16, factor)), offset);
      const v = v128.and(i16x8.shl(q, shift), mine);
      // A pair of inputs is one u32; other rows have their nibbles in it too.
      store<i32>(out, (load<i32>(out) & others) | i32x4.extract_lane(v, 0));
      store<i32>(out, (load<i32>(out, 16) & others) | i32x4.extract_lane(v, 1), 16);
      store<i32>(out, (load<i32>(out, 32) & others) | i32x4.extract_lane(v, 2), 32);
      store<i32>(out, (load<i32>(out, 48) & others) | i32x4.extract_lane(v, 3), 48);
      out += 64;
    }
    store<u16>(scales, <u16>(reinterpret<u32>(scale) >> 16));
    out += 32;
    scales += 288;
  }
}

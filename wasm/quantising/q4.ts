// The arithmetic of q4, as q8.ts has that of q8: the same source here and in wasm/kernels/pack-q4.ts.

/** Four weights divided by their scales, to the nearest of -8 … 7. */
// @ts-ignore: decorator
@inline
function round4(weights: v128, factor: v128): v128 {
  const q = f32x4.nearest(f32x4.mul(weights, factor));
  return f32x4.pmin(f32x4.pmax(q, f32x4.splat(-8.0)), f32x4.splat(7.0));
}

/** Four weights as integers, -8 … 7. */
// @ts-ignore: decorator
@inline
export function nibble4(weights: usize, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(round4(v128.load(weights), factor));
}

/** Four squared errors of rounding. */
// @ts-ignore: decorator
@inline
function error4(weights: v128, factor: v128, scale: v128): v128 {
  const d = f32x4.sub(weights, f32x4.mul(round4(weights, factor), scale));
  return f32x4.mul(d, d);
}

/**
 * Of each of four rows of a tile (32, 16), the scale with the least squared error among a few: the extreme weight is
 * put at every half step from -10 to -7 and from 7 to 9.5, and the scale rounded to bf16. Clipping one extreme a
 * little often pays for all the others.
 */
export function bestScales(tile: usize): v128 {
  const end = tile + 2048;
  let highest = f32x4.splat(0.0), lowest = f32x4.splat(0.0);
  for (let p = tile; p < end; p += 64) {
    highest = f32x4.pmax(highest, v128.load(p));
    lowest = f32x4.pmin(lowest, v128.load(p));
  }
  const extreme = v128.bitselect(highest, lowest, f32x4.ge(highest, f32x4.neg(lowest)));
  let best = f32x4.splat(0.0);
  let least = f32x4.splat(f32.MAX_VALUE);
  for (let i = 0; i < 13; i++) {
    const place: f32 = i < 7 ? <f32>-10.0 + <f32>0.5 * <f32>i : <f32>3.5 + <f32>0.5 * <f32>i;
    const scale = v128.and(
      i32x4.add(f32x4.div(extreme, f32x4.splat(place)), i32x4.splat(0x8000)), i32x4.splat(0xffff0000),
    );
    const factor = f32x4.div(f32x4.splat(1.0), scale);
    let even = f32x4.splat(0.0), odd = f32x4.splat(0.0);
    for (let p = tile; p < end; p += 128) {
      even = f32x4.add(even, error4(v128.load(p), factor, scale));
      odd = f32x4.add(odd, error4(v128.load(p, 64), factor, scale));
    }
    const error = f32x4.add(even, odd);
    const better = f32x4.lt(error, least);
    best = v128.bitselect(scale, best, better);
    least = v128.bitselect(error, least, better);
  }
  // Below this the reciprocal overflows; such weights are zero to any model.
  return v128.and(best, f32x4.gt(f32x4.abs(extreme), f32x4.splat(1e-30)));
}

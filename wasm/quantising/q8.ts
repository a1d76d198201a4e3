// The arithmetic of q8, for this module and for the engine that packs weights while loading (wasm/kernels/pack-q8.ts): the
// same source, so the same integers to the bit. A tile is (inputs, 16) f32: 16 rows of a matrix, four of them in a v128.

/** Scales of groups whose largest weights these are: largest / 127 rounded up to bf16, so that nothing is clipped. */
// @ts-ignore: decorator
@inline
export function scale4(largest: v128): v128 {
  // Below 1e-30 the reciprocal overflows; such weights are zero to any model.
  const most = v128.and(largest, f32x4.gt(largest, f32x4.splat(1e-30)));
  const bits = i32x4.add(f32x4.div(most, f32x4.splat(127.0)), i32x4.splat(0xffff));
  return v128.and(bits, i32x4.splat(0xffff0000));
}

/** 1 / scale, 0 where that is 0. */
// @ts-ignore: decorator
@inline
export function reciprocal4(scale: v128): v128 {
  return v128.and(f32x4.div(f32x4.splat(1.0), scale), f32x4.ne(scale, f32x4.splat(0.0)));
}

/** Four weights as integers. */
// @ts-ignore: decorator
@inline
function round4(w: usize, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(w), factor)));
}

/** Four inputs of four rows from `tile` on -> a row's four integers, i8, in each lane. */
// @ts-ignore: decorator
@inline
export function bytes4(tile: usize, factor: v128): v128 {
  const byte = i32x4.splat(0xff);
  let bytes = i32x4.shl(round4(tile + 192, factor), 24);
  bytes = v128.or(bytes, i32x4.shl(v128.and(round4(tile + 128, factor), byte), 16));
  bytes = v128.or(bytes, i32x4.shl(v128.and(round4(tile + 64, factor), byte), 8));
  return v128.or(bytes, v128.and(round4(tile, factor), byte));
}

import { FLIP } from './byte-dots';

/** Scales of groups whose largest weights these are: largest / 127 rounded up to bf16, so that nothing is clipped. */
// @ts-ignore: decorator
@inline
function scale4(largest: v128): v128 {
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

/** Scales of four rows, which are bf16 already, -> their places behind a group, for the rows of the mask. */
// @ts-ignore: decorator
@inline
export function storeScales(out: usize, scale: v128, mask: v128): void {
  const bits = i32x4.shr_u(scale, 16);
  const both = v128.bitselect(
    i16x8.narrow_i32x4_u(bits, bits), v128.load_zero<u64>(out), i16x8.narrow_i32x4_s(mask, mask),
  );
  v128.store_lane<u64>(out, both, 0);
}

/** Four weights as integers. */
// @ts-ignore: decorator
@inline
function round4(w: usize, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(w), factor)));
}

/** tile (group, 16) f32 -> one group of a q8 block, see pack.ts; integers = round(weight / scale). */
export function pack8(tile: usize, masks: usize, largest: usize, out: usize, group: i32): void {
  const end = tile + (<usize>group << 6);
  const byte = i32x4.splat(0xff);
  const flip = i8x16.splat(<i8>FLIP);
  for (let four: usize = 0; four < 64; four += 16) {
    const mask = v128.load(masks + four);
    const scale = scale4(v128.load(largest + four));
    const factor = reciprocal4(scale);
    let o = out + four;
    for (let p = tile + four; p < end; p += 256) {
      let bytes = i32x4.shl(round4(p + 192, factor), 24);
      bytes = v128.or(bytes, i32x4.shl(v128.and(round4(p + 128, factor), byte), 16));
      bytes = v128.or(bytes, i32x4.shl(v128.and(round4(p + 64, factor), byte), 8));
      bytes = v128.or(bytes, v128.and(round4(p, factor), byte));
      v128.store(o, v128.bitselect(v128.xor(bytes, flip), v128.load(o), mask));
      o += 64;
    }
    storeScales(out + (<usize>group << 4) + (four >> 1), scale, mask);
  }
}

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
  for (let half: usize = 0; half < 32; half += 16) {
    const at = half << 1;
    const low = v128.load(masks + at), high = v128.load(masks + at, 16);
    const mask = v128.or(v128.and(low, i32x4.splat(0x00ff00ff)), v128.and(high, i32x4.splat(0xff00ff00)));
    const lowScale = scale4(v128.load(largest + at)), highScale = scale4(v128.load(largest + at, 16));
    const lowFactor = reciprocal4(lowScale), highFactor = reciprocal4(highScale);
    let o = out + half;
    // Two inputs are one i32: the even one's i16 below the odd one's.
    for (let p = tile + at; p < end; p += 128) {
      const even = i32x4.add(i32x4.shl(round4(p + 16, highFactor), 8), round4(p, lowFactor));
      const odd = i32x4.add(i32x4.shl(round4(p + 80, highFactor), 8), round4(p + 64, lowFactor));
      const pair = v128.bitselect(i32x4.shl(odd, 16), even, i32x4.splat(0xffff0000));
      // The low byte of each i16 is unsigned: what is in it plus 128.
      v128.store(o, v128.bitselect(i16x8.add(pair, i16x8.splat(128)), v128.load(o), mask));
      o += 32;
    }
    const scales = out + (<usize>group << 4) + half;
    storeScales(scales, lowScale, low);
    storeScales(scales + 8, highScale, high);
  }
}

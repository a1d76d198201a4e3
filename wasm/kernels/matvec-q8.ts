import { finish4 } from './epilogue';
import { Linear } from './structs';

/** Four bf16 -> four f32. */
// @ts-ignore: decorator
@inline
export function bf16x4(at: usize): v128 {
  return i32x4.shl(v128.load_ext<u16>(at), 16);
}

/** Integer sums of four rows in the units of their weights (bf16 at `scales`) and of the activations. */
// @ts-ignore: decorator
@inline
export function scaled(sums: v128, scales: v128, xScale: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.mul(scales, v128.load_splat<u32>(xScale)));
}

/** Sums of pairs of lanes: a holds two halves of rows 0 and 1, b of rows 2 and 3. */
// @ts-ignore: decorator
@inline
export function addPairs(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}

/**
 * out (rows) = W (rows, K) · x (K) for the blocks `first` … `last` - 1, W in q8, x in i16 (8 bits) with a scale a group; the sums
 * of weights behind their scales are not needed, since zero is off.
 * Eight bytes, four inputs of two rows, are widened on their way in. Integer sums are exact, so all engines agree to the
 * bit, and so does matvecQ8Dots.
 */
export function matvecQ8(W: Linear, first: i32, last: i32, x: usize, xScales: usize, out: usize, mode: i32): void {
  const K = <usize>W.K;
  const group = <usize>W.group;
  let p = W.weights + <usize>first * ((K / group) * ((group << 4) + 64));
  for (let block = first; block < last; block++) {
    const at = <usize>block << 6;
    const bias = W.bias + at;
    let y0 = v128.load(bias), y1 = v128.load(bias, 16), y2 = v128.load(bias, 32), y3 = v128.load(bias, 48);
    let xp = x;
    let sp = xScales;
    const xEnd = x + (K << 1);
    while (xp < xEnd) {
      let a0 = i32x4.splat(0), a1 = i32x4.splat(0), a2 = i32x4.splat(0), a3 = i32x4.splat(0);
      let a4 = i32x4.splat(0), a5 = i32x4.splat(0), a6 = i32x4.splat(0), a7 = i32x4.splat(0);
      const groupEnd = xp + (group << 1);
      while (xp < groupEnd) {
        const u = v128.load_splat<u64>(xp);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p), u));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 8), u));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 16), u));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 24), u));
        a4 = i32x4.add(a4, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 32), u));
        a5 = i32x4.add(a5, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 40), u));
        a6 = i32x4.add(a6, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 48), u));
        a7 = i32x4.add(a7, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 56), u));
        p += 64;
        xp += 8;
      }
      y0 = f32x4.add(y0, scaled(addPairs(a0, a1), bf16x4(p), sp));
      y1 = f32x4.add(y1, scaled(addPairs(a2, a3), bf16x4(p + 8), sp));
      y2 = f32x4.add(y2, scaled(addPairs(a4, a5), bf16x4(p + 16), sp));
      y3 = f32x4.add(y3, scaled(addPairs(a6, a7), bf16x4(p + 24), sp));
      p += 64;
      sp += 4;
    }
    finish4(y0, out + at, mode);
    finish4(y1, out + at + 16, mode);
    finish4(y2, out + at + 32, mode);
    finish4(y3, out + at + 48, mode);
  }
}

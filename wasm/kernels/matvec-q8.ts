import { finish4 } from './epilogue';
import { Linear } from './structs';

/** Four bf16 -> four f32. */
// @ts-ignore: decorator
@inline
export function bf16x4(at: usize): v128 {
  return i32x4.shl(v128.load_ext<u16>(at), 16);
}

/**
 * out (rows) = W (rows, K) · x (K) for the blocks `first` … `last` - 1, W in q8, x in i16 with one scale.
 * Lanes are output rows: each i32x4.dot_i16x8_s multiplies four rows' pairs of weights with one broadcast
 * pair of activations. Integer sums are exact (64 · 127 · 32767 < 2^31), so all engines agree to the bit.
 */
export function matvecQ8(
  W: Linear, first: i32, last: i32, x: usize, xScale: f32, out: usize, mode: i32, activation: i32,
): void {
  const K = W.K;
  const group = <usize>W.group;
  let p = W.weights + <usize>first * <usize>((K / W.group) * (16 * W.group + 32));
  const xScale4 = f32x4.splat(xScale);
  for (let block = first; block < last; block++) {
    let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
    let xp = x;
    const xEnd = x + (<usize>K << 1);
    while (xp < xEnd) {
      let a0 = i32x4.splat(0), a1 = i32x4.splat(0), a2 = i32x4.splat(0), a3 = i32x4.splat(0);
      const groupEnd = xp + (group << 1);
      while (xp < groupEnd) {
        const u = v128.load_splat<u32>(xp);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 0), u));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 16), u));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 32), u));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 48), u));
        const v = v128.load_splat<u32>(xp, 4);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 8), v));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 24), v));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 40), v));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 56), v));
        const s = v128.load_splat<u32>(xp, 8);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 64), s));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 80), s));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 96), s));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 112), s));
        const t = v128.load_splat<u32>(xp, 12);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 72), t));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 88), t));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 104), t));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 120), t));
        p += 128;
        xp += 16;
      }
      y0 = f32x4.add(y0, f32x4.mul(f32x4.convert_i32x4_s(a0), bf16x4(p)));
      y1 = f32x4.add(y1, f32x4.mul(f32x4.convert_i32x4_s(a1), bf16x4(p + 8)));
      y2 = f32x4.add(y2, f32x4.mul(f32x4.convert_i32x4_s(a2), bf16x4(p + 16)));
      y3 = f32x4.add(y3, f32x4.mul(f32x4.convert_i32x4_s(a3), bf16x4(p + 24)));
      p += 32;
    }
    const at = <usize>block << 6;
    const bias = W.bias + at;
    finish4(f32x4.add(f32x4.mul(y0, xScale4), v128.load(bias)), out + at, mode, activation);
    finish4(f32x4.add(f32x4.mul(y1, xScale4), v128.load(bias, 16)), out + at + 16, mode, activation);
    finish4(f32x4.add(f32x4.mul(y2, xScale4), v128.load(bias, 32)), out + at + 32, mode, activation);
    finish4(f32x4.add(f32x4.mul(y3, xScale4), v128.load(bias, 48)), out + at + 48, mode, activation);
  }
}

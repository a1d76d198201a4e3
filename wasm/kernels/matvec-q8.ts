import { finish4 } from './epilogue';
import { Linear } from './structs';

/** Four bf16 -> four f32. */
// @ts-ignore: decorator
@inline
export function bf16x4(at: usize): v128 {
  return i32x4.shl(v128.load_ext<u16>(at), 16);
}

/**
 * out (rows) = W (rows, K) · x (K) for the blocks `first` … `last` - 1, W in q8, x in i16 with one scale and
 * the sums of its groups. Lanes are output rows: i32x4.dot_i16x8_s multiplies pairs of weights with one broadcast
 * pair of activations. Two rows share an i16 (pack.ts): `s` sums 256 · upper + lower, `h` the upper alone.
 * Integer sums are exact (128 · 255 · 32767 < 2^31, and what is larger only wraps), so all engines agree to the bit.
 * Two steps a turn: more spill, see matmulQ8.
 */
export function matvecQ8(
  W: Linear, first: i32, last: i32, x: usize, xScale: f32, sums: usize, out: usize, mode: i32,
): void {
  const K = W.K;
  const group = <usize>W.group;
  let p = W.weights + <usize>first * <usize>((K / W.group) * (16 * W.group + 32));
  const xScale4 = f32x4.splat(xScale);
  for (let block = first; block < last; block++) {
    let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
    let xp = x;
    let sp = sums;
    const xEnd = x + (<usize>K << 1);
    while (xp < xEnd) {
      let s0 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sp), 7)), h0 = i32x4.splat(0);
      let s1 = s0, h1 = h0;
      const groupEnd = xp + (group << 1);
      while (xp < groupEnd) {
        let u = v128.load_splat<u32>(xp);
        let v = v128.load(p);
        let w = v128.load(p, 16);
        s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, u));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), u));
        s1 = i32x4.add(s1, i32x4.dot_i16x8_s(w, u));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), u));
        u = v128.load_splat<u32>(xp, 4);
        v = v128.load(p, 32);
        w = v128.load(p, 48);
        s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, u));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), u));
        s1 = i32x4.add(s1, i32x4.dot_i16x8_s(w, u));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), u));
        p += 64;
        xp += 8;
      }
      s0 = i32x4.sub(s0, i32x4.shl(h0, 8));
      s1 = i32x4.sub(s1, i32x4.shl(h1, 8));
      y0 = f32x4.add(y0, f32x4.mul(f32x4.convert_i32x4_s(s0), bf16x4(p)));
      y1 = f32x4.add(y1, f32x4.mul(f32x4.convert_i32x4_s(h0), bf16x4(p + 8)));
      y2 = f32x4.add(y2, f32x4.mul(f32x4.convert_i32x4_s(s1), bf16x4(p + 16)));
      y3 = f32x4.add(y3, f32x4.mul(f32x4.convert_i32x4_s(h1), bf16x4(p + 24)));
      p += 32;
      sp += 4;
    }
    const at = <usize>block << 6;
    const bias = W.bias + at;
    finish4(f32x4.add(f32x4.mul(y0, xScale4), v128.load(bias)), out + at, mode);
    finish4(f32x4.add(f32x4.mul(y1, xScale4), v128.load(bias, 16)), out + at + 16, mode);
    finish4(f32x4.add(f32x4.mul(y2, xScale4), v128.load(bias, 32)), out + at + 32, mode);
    finish4(f32x4.add(f32x4.mul(y3, xScale4), v128.load(bias, 48)), out + at + 48, mode);
  }
}

import { finish4 } from './epilogue';
import { bf16x4, scaled } from './matvec-q8';
import { Linear } from './structs';

/**
 * out (rows) = W (rows, K) · x (K) for the blocks `first` … `last` - 1, W in q4, x in i16 (8 bits) with scales and
 * sums of its groups. Four rows share an i16 (pack.ts): a0 sums all of it, a1 all but the lowest nibble, and
 * so on, each a shift away; at the end of a group each row is what its sum has over 16 times the next.
 * Exact in integers like q8.
 */
export function matvecQ4(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, out: usize, mode: i32,
): void {
  const K = W.K;
  let p = W.weights + <usize>first * <usize>((K >> 5) * 288);
  for (let block = first; block < last; block++) {
    let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
    let xp = x;
    let i: usize = 0;
    const xEnd = x + (<usize>K << 1);
    while (xp < xEnd) {
      // Three rows of four are stored with 8 added.
      let a2 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sums + i), 3)), a3 = i32x4.splat(0);
      let a1 = i32x4.add(a2, i32x4.shl(a2, 4));
      let a0 = i32x4.add(a2, i32x4.shl(a1, 4));
      const groupEnd = xp + 64;
      while (xp < groupEnd) {
        const u = v128.load_splat<u32>(xp);
        const v = v128.load(p);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, u));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(i16x8.shr_s(v, 4), u));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), u));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(i16x8.shr_s(v, 12), u));
        p += 16;
        xp += 4;
      }
      a0 = i32x4.sub(a0, i32x4.shl(a1, 4));
      a1 = i32x4.sub(a1, i32x4.shl(a2, 4));
      a2 = i32x4.sub(a2, i32x4.shl(a3, 4));
      const sp = xScales + i;
      y0 = f32x4.add(y0, scaled(a0, bf16x4(p), sp));
      y1 = f32x4.add(y1, scaled(a1, bf16x4(p + 8), sp));
      y2 = f32x4.add(y2, scaled(a2, bf16x4(p + 16), sp));
      y3 = f32x4.add(y3, scaled(a3, bf16x4(p + 24), sp));
      p += 32;
      i += 4;
    }
    const at = <usize>block << 6;
    const bias = W.bias + at;
    finish4(f32x4.add(y0, v128.load(bias)), out + at, mode);
    finish4(f32x4.add(y1, v128.load(bias, 16)), out + at + 16, mode);
    finish4(f32x4.add(y2, v128.load(bias, 32)), out + at + 32, mode);
    finish4(f32x4.add(y3, v128.load(bias, 48)), out + at + 48, mode);
  }
}

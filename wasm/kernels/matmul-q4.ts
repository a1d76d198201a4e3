import { finish4 } from './epilogue';
import { bf16x4, scaled } from './matvec-q8';
import { Linear } from './structs';

/**
 * out (T, rows) = x (T, K) · Wᵀ for the blocks `first` … `last` - 1, W in q4; operands and registers
 * as in matmulQ8; one load and three shifts give all 16 rows.
 */
export function matmulQ4(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, T: i32, out: usize, outStride: usize,
  mode: i32,
): void {
  const K = <usize>W.K;
  const groups = K >> 5;
  for (let block: usize = first; block < <usize>last; block++) {
    for (let t = 0; t < T; t += 2) {
      // The two tokens of this turn are the first or the last two of a tile.
      const pair = <usize>(t & 2) << 2;
      let xp = x + <usize>(t & ~3) * (K << 1) + pair;
      let i = <usize>(t & ~3) * (groups << 2) + pair;
      let p = W.weights + block * groups * 288;
      const end = p + groups * 288;
      let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
      let z0 = f32x4.splat(0.0), z1 = f32x4.splat(0.0), z2 = f32x4.splat(0.0), z3 = f32x4.splat(0.0);
      while (p < end) {
        let a2 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sums + i), 3)), a3 = i32x4.splat(0);
        let a1 = i32x4.add(a2, i32x4.shl(a2, 4));
        let a0 = i32x4.add(a2, i32x4.shl(a1, 4));
        let b2 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sums + i, 4), 3)), b3 = i32x4.splat(0);
        let b1 = i32x4.add(b2, i32x4.shl(b2, 4));
        let b0 = i32x4.add(b2, i32x4.shl(b1, 4));
        const groupEnd = p + 256;
        while (p < groupEnd) {
          const u = v128.load_splat<u32>(xp);
          const w = v128.load_splat<u32>(xp, 4);
          const v = v128.load(p);
          a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, u));
          b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, w));
          let q = i16x8.shr_s(v, 4);
          a1 = i32x4.add(a1, i32x4.dot_i16x8_s(q, u));
          b1 = i32x4.add(b1, i32x4.dot_i16x8_s(q, w));
          q = i16x8.shr_s(v, 8);
          a2 = i32x4.add(a2, i32x4.dot_i16x8_s(q, u));
          b2 = i32x4.add(b2, i32x4.dot_i16x8_s(q, w));
          q = i16x8.shr_s(v, 12);
          a3 = i32x4.add(a3, i32x4.dot_i16x8_s(q, u));
          b3 = i32x4.add(b3, i32x4.dot_i16x8_s(q, w));
          p += 16;
          xp += 16;
        }
        const sp = xScales + i;
        let scale = bf16x4(p);
        y0 = f32x4.add(y0, scaled(i32x4.sub(a0, i32x4.shl(a1, 4)), scale, sp));
        z0 = f32x4.add(z0, scaled(i32x4.sub(b0, i32x4.shl(b1, 4)), scale, sp + 4));
        scale = bf16x4(p + 8);
        y1 = f32x4.add(y1, scaled(i32x4.sub(a1, i32x4.shl(a2, 4)), scale, sp));
        z1 = f32x4.add(z1, scaled(i32x4.sub(b1, i32x4.shl(b2, 4)), scale, sp + 4));
        scale = bf16x4(p + 16);
        y2 = f32x4.add(y2, scaled(i32x4.sub(a2, i32x4.shl(a3, 4)), scale, sp));
        z2 = f32x4.add(z2, scaled(i32x4.sub(b2, i32x4.shl(b3, 4)), scale, sp + 4));
        scale = bf16x4(p + 24);
        y3 = f32x4.add(y3, scaled(a3, scale, sp));
        z3 = f32x4.add(z3, scaled(b3, scale, sp + 4));
        p += 32;
        i += 16;
      }
      const at = block << 6;
      const bias = W.bias + at;
      let o = out + <usize>t * outStride + at;
      finish4(f32x4.add(y0, v128.load(bias)), o, mode);
      finish4(f32x4.add(y1, v128.load(bias, 16)), o + 16, mode);
      finish4(f32x4.add(y2, v128.load(bias, 32)), o + 32, mode);
      finish4(f32x4.add(y3, v128.load(bias, 48)), o + 48, mode);
      if (t + 1 < T) {
        o += outStride;
        finish4(f32x4.add(z0, v128.load(bias)), o, mode);
        finish4(f32x4.add(z1, v128.load(bias, 16)), o + 16, mode);
        finish4(f32x4.add(z2, v128.load(bias, 32)), o + 32, mode);
        finish4(f32x4.add(z3, v128.load(bias, 48)), o + 48, mode);
      }
    }
  }
}

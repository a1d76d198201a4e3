import { finish4 } from './epilogue';
import { bf16x4 } from './matvec-q8';

/**
 * out (T, 16) = x (T, K) · Wᵀ for one block of 16 rows in q8 (`group` inputs to a scale), x in i16 tiles of
 * four tokens with a scale each, see operand.ts; bias (16). Eight rows times four tokens of integer sums stay
 * in registers over a group. The order of the float additions is matvecQ8's, so a prefill
 * and token by token give the same bits.
 */
export function matmulQ8(
  block: usize, bias: usize, K: usize, group: usize, x: usize, xScales: usize, T: i32,
  out: usize, outStride: usize, mode: i32, activation: i32,
): void {
  for (let t = 0; t < T; t += 4) {
    const tile = x + <usize>t * (K << 1);
    const tileEnd = tile + (K << 3);
    for (let half: usize = 0; half < 2; half++) {
      let p = block + (half << 5);
      let xp = tile;
      let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
      let z0 = f32x4.splat(0.0), z1 = f32x4.splat(0.0), z2 = f32x4.splat(0.0), z3 = f32x4.splat(0.0);
      while (xp < tileEnd) {
        let a0 = i32x4.splat(0), a1 = i32x4.splat(0), a2 = i32x4.splat(0), a3 = i32x4.splat(0);
        let b0 = i32x4.splat(0), b1 = i32x4.splat(0), b2 = i32x4.splat(0), b3 = i32x4.splat(0);
        const groupEnd = xp + (group << 3);
        while (xp < groupEnd) {
          let w0 = v128.load_ext<i8>(p, 0);
          let w1 = v128.load_ext<i8>(p, 16);
          let u = v128.load_splat<u32>(xp);
          a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w0, u));
          b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w1, u));
          u = v128.load_splat<u32>(xp, 4);
          a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w0, u));
          b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w1, u));
          u = v128.load_splat<u32>(xp, 8);
          a2 = i32x4.add(a2, i32x4.dot_i16x8_s(w0, u));
          b2 = i32x4.add(b2, i32x4.dot_i16x8_s(w1, u));
          u = v128.load_splat<u32>(xp, 12);
          a3 = i32x4.add(a3, i32x4.dot_i16x8_s(w0, u));
          b3 = i32x4.add(b3, i32x4.dot_i16x8_s(w1, u));
          w0 = v128.load_ext<i8>(p, 8);
          w1 = v128.load_ext<i8>(p, 24);
          u = v128.load_splat<u32>(xp, 16);
          a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w0, u));
          b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w1, u));
          u = v128.load_splat<u32>(xp, 20);
          a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w0, u));
          b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w1, u));
          u = v128.load_splat<u32>(xp, 24);
          a2 = i32x4.add(a2, i32x4.dot_i16x8_s(w0, u));
          b2 = i32x4.add(b2, i32x4.dot_i16x8_s(w1, u));
          u = v128.load_splat<u32>(xp, 28);
          a3 = i32x4.add(a3, i32x4.dot_i16x8_s(w0, u));
          b3 = i32x4.add(b3, i32x4.dot_i16x8_s(w1, u));
          p += 64;
          xp += 32;
        }
        // p is past the group's weights, plus where this half's weights stand: its scales are 16 bytes in.
        const scales = p - (half << 4);
        const s0 = bf16x4(scales);
        const s1 = bf16x4(scales + 8);
        y0 = f32x4.add(y0, f32x4.mul(f32x4.convert_i32x4_s(a0), s0));
        y1 = f32x4.add(y1, f32x4.mul(f32x4.convert_i32x4_s(a1), s0));
        y2 = f32x4.add(y2, f32x4.mul(f32x4.convert_i32x4_s(a2), s0));
        y3 = f32x4.add(y3, f32x4.mul(f32x4.convert_i32x4_s(a3), s0));
        z0 = f32x4.add(z0, f32x4.mul(f32x4.convert_i32x4_s(b0), s1));
        z1 = f32x4.add(z1, f32x4.mul(f32x4.convert_i32x4_s(b1), s1));
        z2 = f32x4.add(z2, f32x4.mul(f32x4.convert_i32x4_s(b2), s1));
        z3 = f32x4.add(z3, f32x4.mul(f32x4.convert_i32x4_s(b3), s1));
        p += 32;
      }
      const at = half << 5;
      const c0 = v128.load(bias + at);
      const c1 = v128.load(bias + at, 16);
      let o = out + <usize>t * outStride + at;
      let s = xScales + (<usize>t << 2);
      let scale = v128.load_splat<u32>(s);
      finish4(f32x4.add(f32x4.mul(y0, scale), c0), o, mode, activation);
      finish4(f32x4.add(f32x4.mul(z0, scale), c1), o + 16, mode, activation);
      if (t + 1 < T) {
        o += outStride;
        scale = v128.load_splat<u32>(s, 4);
        finish4(f32x4.add(f32x4.mul(y1, scale), c0), o, mode, activation);
        finish4(f32x4.add(f32x4.mul(z1, scale), c1), o + 16, mode, activation);
      }
      if (t + 2 < T) {
        o += outStride;
        scale = v128.load_splat<u32>(s, 8);
        finish4(f32x4.add(f32x4.mul(y2, scale), c0), o, mode, activation);
        finish4(f32x4.add(f32x4.mul(z2, scale), c1), o + 16, mode, activation);
      }
      if (t + 3 < T) {
        o += outStride;
        scale = v128.load_splat<u32>(s, 12);
        finish4(f32x4.add(f32x4.mul(y3, scale), c0), o, mode, activation);
        finish4(f32x4.add(f32x4.mul(z3, scale), c1), o + 16, mode, activation);
      }
    }
  }
}

import { finish4 } from './epilogue';
import { bf16x4 } from './matvec-q8';
import { Linear } from './structs';

/**
 * out (T, rows) = x (T, K) · Wᵀ for the blocks `first` … `last` - 1, W in q8; x in i16 tiles of four tokens
 * (operand.ts) with a scale for each token and sums (T/4, K/group, 4). 16 rows times two tokens of integer sums
 * stay in registers over a group; a block of 16 rows stays in the first-level cache while all tokens pass by. The
 * inner loop is not unrolled on purpose: Binaryen sinks each sum down to its last use, and the operands of several steps,
 * alive at once, then spill (15 % slower in V8 15, 25 % in V8 11). Sums and their order are matvecQ8's, so a
 * prefill and token by token give the same bits.
 */
export function matmulQ8(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, T: i32, out: usize, outStride: usize,
  mode: i32,
): void {
  const K = <usize>W.K;
  const group = <usize>W.group;
  const groups = K / group;
  const groupBytes = group << 4;
  const blockBytes = groups * (groupBytes + 32);
  for (let block: usize = first; block < <usize>last; block++) {
    for (let t = 0; t < T; t += 2) {
      // The two tokens of this turn are the first or the last two of a tile.
      const pair = <usize>(t & 2) << 2;
      let xp = x + <usize>(t & ~3) * (K << 1) + pair;
      let sp = sums + <usize>(t & ~3) * (groups << 2) + pair;
      let p = W.weights + block * blockBytes;
      const end = p + blockBytes;
      let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
      let z0 = f32x4.splat(0.0), z1 = f32x4.splat(0.0), z2 = f32x4.splat(0.0), z3 = f32x4.splat(0.0);
      while (p < end) {
        let a0 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sp), 7)), a1 = i32x4.splat(0);
        let a2 = a0, a3 = a1;
        let b0 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sp, 4), 7)), b1 = i32x4.splat(0);
        let b2 = b0, b3 = b1;
        const groupEnd = p + groupBytes;
        while (p < groupEnd) {
          const u = v128.load_splat<u32>(xp);
          const w = v128.load_splat<u32>(xp, 4);
          let v = v128.load(p);
          a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, u));
          b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, w));
          v = i16x8.shr_s(v, 8);
          a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, u));
          b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, w));
          v = v128.load(p, 16);
          a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, u));
          b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v, w));
          v = i16x8.shr_s(v, 8);
          a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v, u));
          b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v, w));
          p += 32;
          xp += 16;
        }
        let scale = bf16x4(p);
        y0 = f32x4.add(y0, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(a0, i32x4.shl(a1, 8))), scale));
        z0 = f32x4.add(z0, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(b0, i32x4.shl(b1, 8))), scale));
        scale = bf16x4(p + 8);
        y1 = f32x4.add(y1, f32x4.mul(f32x4.convert_i32x4_s(a1), scale));
        z1 = f32x4.add(z1, f32x4.mul(f32x4.convert_i32x4_s(b1), scale));
        scale = bf16x4(p + 16);
        y2 = f32x4.add(y2, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(a2, i32x4.shl(a3, 8))), scale));
        z2 = f32x4.add(z2, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(b2, i32x4.shl(b3, 8))), scale));
        scale = bf16x4(p + 24);
        y3 = f32x4.add(y3, f32x4.mul(f32x4.convert_i32x4_s(a3), scale));
        z3 = f32x4.add(z3, f32x4.mul(f32x4.convert_i32x4_s(b3), scale));
        p += 32;
        sp += 16;
      }
      const at = block << 6;
      const bias = W.bias + at;
      const s = xScales + (<usize>t << 2);
      let o = out + <usize>t * outStride + at;
      let scale = v128.load_splat<u32>(s);
      finish4(f32x4.add(f32x4.mul(y0, scale), v128.load(bias)), o, mode);
      finish4(f32x4.add(f32x4.mul(y1, scale), v128.load(bias, 16)), o + 16, mode);
      finish4(f32x4.add(f32x4.mul(y2, scale), v128.load(bias, 32)), o + 32, mode);
      finish4(f32x4.add(f32x4.mul(y3, scale), v128.load(bias, 48)), o + 48, mode);
      if (t + 1 < T) {
        o += outStride;
        scale = v128.load_splat<u32>(s, 4);
        finish4(f32x4.add(f32x4.mul(z0, scale), v128.load(bias)), o, mode);
        finish4(f32x4.add(f32x4.mul(z1, scale), v128.load(bias, 16)), o + 16, mode);
        finish4(f32x4.add(f32x4.mul(z2, scale), v128.load(bias, 32)), o + 32, mode);
        finish4(f32x4.add(f32x4.mul(z3, scale), v128.load(bias, 48)), o + 48, mode);
      }
    }
  }
}

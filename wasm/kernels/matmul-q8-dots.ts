import { dot4 } from './byte-dots';
import { finish8 } from './epilogue';
import { bf16x4, scaled } from './matvec-q8';
import { Linear } from './structs';

/**
 * matmulQ8 by byte products, to the same bits: x in i8 tiles of four tokens, with scales and with the sums that make good
 * that weights were flipped (both (T/4, K/group, 4), see operand.ts). Eight rows times four tokens stay in registers.
 */
export function matmulQ8Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, T: i32, out: usize, outStride: usize,
  mode: i32,
): void {
  const K = <usize>W.K;
  const groups = K / <usize>W.group;
  const groupBytes = <usize>W.group << 4;
  const blockBytes = groups * (groupBytes + 32);
  for (let block: usize = first; block < <usize>last; block++) {
    for (let t = 0; t < T; t += 4) {
      for (let half: usize = 0; half < 2; half++) {
        let xp = x + <usize>t * K;
        let i = <usize>t * (groups << 2);
        let p = W.weights + block * blockBytes + (half << 5);
        const end = p + blockBytes;
        let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
        let z0 = f32x4.splat(0.0), z1 = f32x4.splat(0.0), z2 = f32x4.splat(0.0), z3 = f32x4.splat(0.0);
        while (p < end) {
          const sp = sums + i;
          let a0 = v128.load_splat<u32>(sp), a1 = v128.load_splat<u32>(sp, 4);
          let a2 = v128.load_splat<u32>(sp, 8), a3 = v128.load_splat<u32>(sp, 12);
          let b0 = a0, b1 = a1, b2 = a2, b3 = a3;
          const groupEnd = p + groupBytes;
          while (p < groupEnd) {
            const v = v128.load(p);
            const w = v128.load(p, 16);
            let u = v128.load_splat<u32>(xp);
            a0 = dot4(u, v, a0);
            b0 = dot4(u, w, b0);
            u = v128.load_splat<u32>(xp, 4);
            a1 = dot4(u, v, a1);
            b1 = dot4(u, w, b1);
            u = v128.load_splat<u32>(xp, 8);
            a2 = dot4(u, v, a2);
            b2 = dot4(u, w, b2);
            u = v128.load_splat<u32>(xp, 12);
            a3 = dot4(u, v, a3);
            b3 = dot4(u, w, b3);
            p += 64;
            xp += 16;
          }
          const scales = p - (half << 4);
          const s = xScales + i;
          let scale = bf16x4(scales);
          y0 = f32x4.add(y0, scaled(a0, scale, s));
          y1 = f32x4.add(y1, scaled(a1, scale, s + 4));
          y2 = f32x4.add(y2, scaled(a2, scale, s + 8));
          y3 = f32x4.add(y3, scaled(a3, scale, s + 12));
          scale = bf16x4(scales + 8);
          z0 = f32x4.add(z0, scaled(b0, scale, s));
          z1 = f32x4.add(z1, scaled(b1, scale, s + 4));
          z2 = f32x4.add(z2, scaled(b2, scale, s + 8));
          z3 = f32x4.add(z3, scaled(b3, scale, s + 12));
          p += 32;
          i += 16;
        }
        const at = (block << 6) + (half << 5);
        const bias = W.bias + at;
        let o = out + <usize>t * outStride + at;
        finish8(y0, z0, bias, o, mode);
        o += outStride;
        if (t + 1 < T) finish8(y1, z1, bias, o, mode);
        o += outStride;
        if (t + 2 < T) finish8(y2, z2, bias, o, mode);
        o += outStride;
        if (t + 3 < T) finish8(y3, z3, bias, o, mode);
      }
    }
  }
}

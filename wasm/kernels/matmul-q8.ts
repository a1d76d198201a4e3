import { finish4 } from './epilogue';
import { bf16x4 } from './matvec-q8';
import { Linear } from './structs';

/**
 * out (T, rows) = x (T, K) · Wᵀ for the blocks `first` … `last` - 1, W in q8; x in i16 tiles of four tokens
 * (operand.ts) with a scale for each token and sums (T/4, K/group, 4). Eight rows times four tokens of integer
 * sums stay in registers over a group; a block of 16 rows stays in the first-level cache while every
 * tile passes by. Sums and their order are matvecQ8's, so a prefill and token by token give the same bits.
 */
export function matmulQ8(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, T: i32, out: usize, outStride: usize,
  mode: i32, activation: i32,
): void {
  const K = <usize>W.K;
  const group = <usize>W.group;
  const groups = K / group;
  const blockBytes = groups * ((group << 4) + 32);
  for (let block: usize = first; block < <usize>last; block++) {
    for (let t = 0; t < T; t += 4) {
      const tile = x + <usize>t * (K << 1);
      const tileEnd = tile + (K << 3);
      for (let half: usize = 0; half < 2; half++) {
        let p = W.weights + block * blockBytes + (half << 4);
        let xp = tile;
        let sp = sums + <usize>t * (groups << 2);
        let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
        let z0 = f32x4.splat(0.0), z1 = f32x4.splat(0.0), z2 = f32x4.splat(0.0), z3 = f32x4.splat(0.0);
        while (xp < tileEnd) {
          let s0 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sp), 7)), h0 = i32x4.splat(0);
          let s1 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sp, 4), 7)), h1 = h0;
          let s2 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sp, 8), 7)), h2 = h0;
          let s3 = i32x4.neg(i32x4.shl(v128.load_splat<u32>(sp, 12), 7)), h3 = h0;
          const groupEnd = xp + (group << 3);
          while (xp < groupEnd) {
            let v = v128.load(p);
            let w = i16x8.shr_s(v, 8);
            let u = v128.load_splat<u32>(xp);
            s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, u));
            h0 = i32x4.add(h0, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 4);
            s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v, u));
            h1 = i32x4.add(h1, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 8);
            s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v, u));
            h2 = i32x4.add(h2, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 12);
            s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v, u));
            h3 = i32x4.add(h3, i32x4.dot_i16x8_s(w, u));
            v = v128.load(p, 32);
            w = i16x8.shr_s(v, 8);
            u = v128.load_splat<u32>(xp, 16);
            s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, u));
            h0 = i32x4.add(h0, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 20);
            s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v, u));
            h1 = i32x4.add(h1, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 24);
            s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v, u));
            h2 = i32x4.add(h2, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 28);
            s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v, u));
            h3 = i32x4.add(h3, i32x4.dot_i16x8_s(w, u));
            v = v128.load(p, 64);
            w = i16x8.shr_s(v, 8);
            u = v128.load_splat<u32>(xp, 32);
            s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, u));
            h0 = i32x4.add(h0, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 36);
            s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v, u));
            h1 = i32x4.add(h1, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 40);
            s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v, u));
            h2 = i32x4.add(h2, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 44);
            s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v, u));
            h3 = i32x4.add(h3, i32x4.dot_i16x8_s(w, u));
            v = v128.load(p, 96);
            w = i16x8.shr_s(v, 8);
            u = v128.load_splat<u32>(xp, 48);
            s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, u));
            h0 = i32x4.add(h0, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 52);
            s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v, u));
            h1 = i32x4.add(h1, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 56);
            s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v, u));
            h2 = i32x4.add(h2, i32x4.dot_i16x8_s(w, u));
            u = v128.load_splat<u32>(xp, 60);
            s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v, u));
            h3 = i32x4.add(h3, i32x4.dot_i16x8_s(w, u));
            p += 128;
            xp += 64;
          }
          // p is past the group's weights, plus where this half's weights stand: its scales are 16 bytes in.
          const lower = bf16x4(p);
          const upper = bf16x4(p + 8);
          y0 = f32x4.add(y0, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(s0, i32x4.shl(h0, 8))), lower));
          z0 = f32x4.add(z0, f32x4.mul(f32x4.convert_i32x4_s(h0), upper));
          y1 = f32x4.add(y1, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(s1, i32x4.shl(h1, 8))), lower));
          z1 = f32x4.add(z1, f32x4.mul(f32x4.convert_i32x4_s(h1), upper));
          y2 = f32x4.add(y2, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(s2, i32x4.shl(h2, 8))), lower));
          z2 = f32x4.add(z2, f32x4.mul(f32x4.convert_i32x4_s(h2), upper));
          y3 = f32x4.add(y3, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(s3, i32x4.shl(h3, 8))), lower));
          z3 = f32x4.add(z3, f32x4.mul(f32x4.convert_i32x4_s(h3), upper));
          p += 32;
          sp += 16;
        }
        const at = (block << 6) + (half << 5);
        const c0 = v128.load(W.bias + at);
        const c1 = v128.load(W.bias + at, 16);
        const s = xScales + (<usize>t << 2);
        let o = out + <usize>t * outStride + at;
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
}

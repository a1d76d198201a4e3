import { finish4 } from './epilogue';
import { multiplyAdd } from './multiply-add';
import { Linear } from './structs';

/**
 * out (T, rows) = x (T, K) · Wᵀ for the blocks `first` … `last` - 1, all f32; x in tiles of four tokens,
 * see operand.ts. Eight rows times four tokens stay in registers over all of K; a block of 16 rows stays in
 * the first-level cache while every tile passes by.
 */
export function matmulF32<M>(
  W: Linear, first: i32, last: i32, x: usize, T: i32, out: usize, outStride: usize, mode: i32,
): void {
  const K = <usize>W.K;
  for (let block = first; block < last; block++) {
    for (let t = 0; t < T; t += 4) {
      const tile = x + <usize>t * (K << 2);
      const tileEnd = tile + (K << 4);
      for (let half: usize = 0; half < 2; half++) {
        let p = W.weights + <usize>block * (K << 6) + (half << 5);
        let a0 = f32x4.splat(0.0), a1 = f32x4.splat(0.0), a2 = f32x4.splat(0.0), a3 = f32x4.splat(0.0);
        let b0 = f32x4.splat(0.0), b1 = f32x4.splat(0.0), b2 = f32x4.splat(0.0), b3 = f32x4.splat(0.0);
        for (let xp = tile; xp < tileEnd; xp += 16) {
          const w0 = v128.load(p);
          const w1 = v128.load(p, 16);
          let u = v128.load_splat<u32>(xp);
          a0 = multiplyAdd<M>(w0, u, a0);
          b0 = multiplyAdd<M>(w1, u, b0);
          u = v128.load_splat<u32>(xp, 4);
          a1 = multiplyAdd<M>(w0, u, a1);
          b1 = multiplyAdd<M>(w1, u, b1);
          u = v128.load_splat<u32>(xp, 8);
          a2 = multiplyAdd<M>(w0, u, a2);
          b2 = multiplyAdd<M>(w1, u, b2);
          u = v128.load_splat<u32>(xp, 12);
          a3 = multiplyAdd<M>(w0, u, a3);
          b3 = multiplyAdd<M>(w1, u, b3);
          p += 64;
        }
        const at = (<usize>block << 6) + (half << 5);
        const c0 = v128.load(W.bias + at);
        const c1 = v128.load(W.bias + at, 16);
        let o = out + <usize>t * outStride + at;
        finish4(f32x4.add(a0, c0), o, mode);
        finish4(f32x4.add(b0, c1), o + 16, mode);
        if (t + 1 < T) {
          o += outStride;
          finish4(f32x4.add(a1, c0), o, mode);
          finish4(f32x4.add(b1, c1), o + 16, mode);
        }
        if (t + 2 < T) {
          o += outStride;
          finish4(f32x4.add(a2, c0), o, mode);
          finish4(f32x4.add(b2, c1), o + 16, mode);
        }
        if (t + 3 < T) {
          o += outStride;
          finish4(f32x4.add(a3, c0), o, mode);
          finish4(f32x4.add(b3, c1), o + 16, mode);
        }
      }
    }
  }
}

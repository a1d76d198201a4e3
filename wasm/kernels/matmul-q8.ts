import { finish4 } from './epilogue';
import { addPairs, bf16x4, scaled } from './matvec-q8';
import { Linear } from './structs';

/**
 * out (T, rows) = x (T, K) · Wᵀ for the blocks `first` … `last` - 1, W in q8; x in i16 tiles of four tokens (operand.ts)
 * with scales (T/4, K/group, 4). Eight rows times two tokens of integer sums stay in registers over a group; a block of 16
 * rows stays in the first-level cache while all tokens pass by. The inner loop is not unrolled on purpose: Binaryen sinks
 * each sum down to its last use, and the operands of several steps, alive at once, then spill. Sums and their order are
 * matvecQ8's, so a prefill and token by token give the same bits.
 */
export function matmulQ8(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, T: i32, out: usize, outStride: usize, mode: i32,
): void {
  const K = <usize>W.K;
  const groups = K / <usize>W.group;
  const groupBytes = <usize>W.group << 4;
  const blockBytes = groups * (groupBytes + 64);
  for (let block: usize = first; block < <usize>last; block++) {
    for (let t = 0; t < T; t += 2) {
      for (let half: usize = 0; half < 2; half++) {
        // The two tokens of this turn are the first or the last two of a tile.
        const pair = <usize>(t & 2) << 2;
        let xp = x + <usize>(t & ~3) * (K << 1) + (pair << 1);
        let sp = xScales + <usize>(t & ~3) * (groups << 2) + pair;
        let p = W.weights + block * blockBytes + (half << 5);
        const end = p + blockBytes;
        const at = (block << 6) + (half << 5);
        let y0 = v128.load(W.bias + at), y1 = v128.load(W.bias + at, 16), z0 = y0, z1 = y1;
        while (p < end) {
          let a0 = i32x4.splat(0), a1 = i32x4.splat(0), a2 = i32x4.splat(0), a3 = i32x4.splat(0);
          let b0 = i32x4.splat(0), b1 = i32x4.splat(0), b2 = i32x4.splat(0), b3 = i32x4.splat(0);
          const groupEnd = p + groupBytes;
          while (p < groupEnd) {
            const u = v128.load_splat<u64>(xp);
            const w = v128.load_splat<u64>(xp, 8);
            let v = v128.load_ext<i8>(p);
            a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, u));
            b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, w));
            v = v128.load_ext<i8>(p, 8);
            a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, u));
            b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, w));
            v = v128.load_ext<i8>(p, 16);
            a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, u));
            b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v, w));
            v = v128.load_ext<i8>(p, 24);
            a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v, u));
            b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v, w));
            p += 64;
            xp += 32;
          }
          // `p` is half a line into the rows, but the scales of half of them are a quarter as long.
          const scales = p - (half << 4);
          let scale = bf16x4(scales);
          y0 = f32x4.add(y0, scaled(addPairs(a0, a1), scale, sp));
          z0 = f32x4.add(z0, scaled(addPairs(b0, b1), scale, sp + 4));
          scale = bf16x4(scales + 8);
          y1 = f32x4.add(y1, scaled(addPairs(a2, a3), scale, sp));
          z1 = f32x4.add(z1, scaled(addPairs(b2, b3), scale, sp + 4));
          p += 64;
          sp += 16;
        }
        let o = out + <usize>t * outStride + at;
        finish4(y0, o, mode);
        finish4(y1, o + 16, mode);
        if (t + 1 < T) {
          o += outStride;
          finish4(z0, o, mode);
          finish4(z1, o + 16, mode);
        }
      }
    }
  }
}

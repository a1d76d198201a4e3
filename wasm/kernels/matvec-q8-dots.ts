import { dot4 } from './byte-dots';
import { finish8 } from './epilogue';
import { bf16x4, scaled } from './matvec-q8';
import { Linear } from './structs';

/** matvecQ8 by byte products, to the same bits: x (K) i8, with the sums that make good that weights were flipped (operand.ts). */
export function matvecQ8Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, out: usize, mode: i32,
): void {
  const K = <usize>W.K;
  const group = <usize>W.group;
  let p = W.weights + <usize>first * ((K / group) * ((group << 4) + 32));
  for (let block = first; block < last; block++) {
    let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
    let xp = x;
    let i: usize = 0;
    const xEnd = x + K;
    while (xp < xEnd) {
      let a0 = v128.load_splat<u32>(sums + i);
      let a1 = a0, a2 = a0, a3 = a0;
      const groupEnd = xp + group;
      while (xp < groupEnd) {
        const u = v128.load_splat<u32>(xp);
        a0 = dot4(u, v128.load(p), a0);
        a1 = dot4(u, v128.load(p, 16), a1);
        a2 = dot4(u, v128.load(p, 32), a2);
        a3 = dot4(u, v128.load(p, 48), a3);
        p += 64;
        xp += 4;
      }
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
    finish8(y0, y1, bias, out + at, mode);
    finish8(y2, y3, bias + 32, out + at + 32, mode);
  }
}

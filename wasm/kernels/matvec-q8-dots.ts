import { addProducts, ones } from './byte-dots';
import { finish4 } from './epilogue';
import { bf16x4, scaled } from './matvec-q8';
import { Linear } from './structs';

/** Sums of weights of four rows, i16, times -zero, which stands in the lower half of each lane. */
// @ts-ignore: decorator
@inline
export function sumTimes(sums: usize, zero: v128): v128 {
  return i32x4.dot_i16x8_s(v128.load_ext<i16>(sums), zero);
}

/** matvecQ8 by byte products, to the same bits: x (K) u8, with what is multiplied by sums of weights (operand.ts). */
export function matvecQ8Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, out: usize, mode: i32,
): void {
  const K = <usize>W.K;
  const group = <usize>W.group;
  const one = v128.load(ones);
  let p = W.weights + <usize>first * ((K / group) * ((group << 4) + 64));
  for (let block = first; block < last; block++) {
    const at = <usize>block << 6;
    const bias = W.bias + at;
    let y0 = v128.load(bias), y1 = v128.load(bias, 16), y2 = v128.load(bias, 32), y3 = v128.load(bias, 48);
    let xp = x;
    let i: usize = 0;
    const xEnd = x + K;
    while (xp < xEnd) {
      const zero = v128.load_splat<u32>(sums + i);
      const behind = p + (group << 4) + 32;
      let a0 = sumTimes(behind, zero), a1 = sumTimes(behind + 8, zero);
      let a2 = sumTimes(behind + 16, zero), a3 = sumTimes(behind + 24, zero);
      const groupEnd = xp + group;
      while (xp < groupEnd) {
        const u = v128.load_splat<u32>(xp);
        a0 = addProducts(a0, v128.load(p), u, one);
        a1 = addProducts(a1, v128.load(p, 16), u, one);
        a2 = addProducts(a2, v128.load(p, 32), u, one);
        a3 = addProducts(a3, v128.load(p, 48), u, one);
        p += 64;
        xp += 4;
      }
      const sp = xScales + i;
      y0 = f32x4.add(y0, scaled(a0, bf16x4(p), sp));
      y1 = f32x4.add(y1, scaled(a1, bf16x4(p + 8), sp));
      y2 = f32x4.add(y2, scaled(a2, bf16x4(p + 16), sp));
      y3 = f32x4.add(y3, scaled(a3, bf16x4(p + 24), sp));
      p += 64;
      i += 4;
    }
    finish4(y0, out + at, mode);
    finish4(y1, out + at + 16, mode);
    finish4(y2, out + at + 32, mode);
    finish4(y3, out + at + 48, mode);
  }
}

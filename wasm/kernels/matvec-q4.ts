import { finish4 } from './epilogue';
import { bf16x4 } from './matvec-q8';
import { Linear } from './structs';

/** Σ over 8 inputs for four rows: four nibbles of each u16 against four broadcast pairs. */
// @ts-ignore: decorator
@inline
function dot8(a: v128, v: v128, low: v128, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(v, low), x0));
  a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(i16x8.shr_u(v, 4), low), x1));
  a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(i16x8.shr_u(v, 8), low), x2));
  return i32x4.add(a, i32x4.dot_i16x8_s(i16x8.shr_u(v, 12), x3));
}

/**
 * out (rows) = W (rows, K) · x (K) for the blocks `first` … `last` - 1, W in q4, x in i16 with one scale.
 * Nibbles stay unsigned (q + 8), which saves widening them: the sums start at minus eight times the sum of
 * the group's activations (`sums`, (K / 32) i32) instead. Exact in integers, like q8.
 */
export function matvecQ4(
  W: Linear, first: i32, last: i32, x: usize, xScale: f32, sums: usize, out: usize, mode: i32, activation: i32,
): void {
  const K = W.K;
  let p = W.weights + <usize>first * <usize>((K >> 5) * 288);
  const xScale4 = f32x4.splat(xScale);
  const low = i16x8.splat(15);
  for (let block = first; block < last; block++) {
    let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
    let xp = x;
    let sp = sums;
    const xEnd = x + (<usize>K << 1);
    while (xp < xEnd) {
      let a0 = i32x4.neg(v128.load_splat<u32>(sp));
      let a1 = a0, a2 = a0, a3 = a0;
      const groupEnd = xp + 64;
      while (xp < groupEnd) {
        const x0 = v128.load_splat<u32>(xp);
        const x1 = v128.load_splat<u32>(xp, 4);
        const x2 = v128.load_splat<u32>(xp, 8);
        const x3 = v128.load_splat<u32>(xp, 12);
        a0 = dot8(a0, v128.load(p), low, x0, x1, x2, x3);
        a1 = dot8(a1, v128.load(p, 16), low, x0, x1, x2, x3);
        a2 = dot8(a2, v128.load(p, 32), low, x0, x1, x2, x3);
        a3 = dot8(a3, v128.load(p, 48), low, x0, x1, x2, x3);
        p += 64;
        xp += 16;
      }
      y0 = f32x4.add(y0, f32x4.mul(f32x4.convert_i32x4_s(a0), bf16x4(p)));
      y1 = f32x4.add(y1, f32x4.mul(f32x4.convert_i32x4_s(a1), bf16x4(p + 8)));
      y2 = f32x4.add(y2, f32x4.mul(f32x4.convert_i32x4_s(a2), bf16x4(p + 16)));
      y3 = f32x4.add(y3, f32x4.mul(f32x4.convert_i32x4_s(a3), bf16x4(p + 24)));
      p += 32;
      sp += 4;
    }
    const at = <usize>block << 6;
    const bias = W.bias + at;
    finish4(f32x4.add(f32x4.mul(y0, xScale4), v128.load(bias)), out + at, mode, activation);
    finish4(f32x4.add(f32x4.mul(y1, xScale4), v128.load(bias, 16)), out + at + 16, mode, activation);
    finish4(f32x4.add(f32x4.mul(y2, xScale4), v128.load(bias, 32)), out + at + 32, mode, activation);
    finish4(f32x4.add(f32x4.mul(y3, xScale4), v128.load(bias, 48)), out + at + 48, mode, activation);
  }
}

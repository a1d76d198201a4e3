import { finish4 } from './epilogue';
import { multiplyAdd } from './multiply-add';
import { Linear } from './structs';

/**
 * out (rows) = W (rows, K) · x (K) for the blocks `first` … `last` - 1, all f32. Lanes are output rows;
 * two sets of sums (even and odd inputs) keep the adders busy and halve the rounding error.
 */
export function matvecF32<M>(
  W: Linear, first: i32, last: i32, x: usize, out: usize, mode: i32,
): void {
  const K = W.K;
  let p = W.weights + <usize>first * (<usize>K << 6);
  for (let block = first; block < last; block++) {
    let a0 = f32x4.splat(0.0), a1 = f32x4.splat(0.0), a2 = f32x4.splat(0.0), a3 = f32x4.splat(0.0);
    let b0 = f32x4.splat(0.0), b1 = f32x4.splat(0.0), b2 = f32x4.splat(0.0), b3 = f32x4.splat(0.0);
    let xp = x;
    const xEnd = x + (<usize>K << 2);
    while (xp < xEnd) {
      const u = v128.load_splat<u32>(xp);
      a0 = multiplyAdd<M>(v128.load(p), u, a0);
      a1 = multiplyAdd<M>(v128.load(p, 16), u, a1);
      a2 = multiplyAdd<M>(v128.load(p, 32), u, a2);
      a3 = multiplyAdd<M>(v128.load(p, 48), u, a3);
      const v = v128.load_splat<u32>(xp, 4);
      b0 = multiplyAdd<M>(v128.load(p, 64), v, b0);
      b1 = multiplyAdd<M>(v128.load(p, 80), v, b1);
      b2 = multiplyAdd<M>(v128.load(p, 96), v, b2);
      b3 = multiplyAdd<M>(v128.load(p, 112), v, b3);
      const s = v128.load_splat<u32>(xp, 8);
      a0 = multiplyAdd<M>(v128.load(p, 128), s, a0);
      a1 = multiplyAdd<M>(v128.load(p, 144), s, a1);
      a2 = multiplyAdd<M>(v128.load(p, 160), s, a2);
      a3 = multiplyAdd<M>(v128.load(p, 176), s, a3);
      const t = v128.load_splat<u32>(xp, 12);
      b0 = multiplyAdd<M>(v128.load(p, 192), t, b0);
      b1 = multiplyAdd<M>(v128.load(p, 208), t, b1);
      b2 = multiplyAdd<M>(v128.load(p, 224), t, b2);
      b3 = multiplyAdd<M>(v128.load(p, 240), t, b3);
      p += 256;
      xp += 16;
    }
    const at = <usize>block << 6;
    const bias = W.bias + at;
    finish4(f32x4.add(f32x4.add(a0, b0), v128.load(bias)), out + at, mode);
    finish4(f32x4.add(f32x4.add(a1, b1), v128.load(bias, 16)), out + at + 16, mode);
    finish4(f32x4.add(f32x4.add(a2, b2), v128.load(bias, 32)), out + at + 32, mode);
    finish4(f32x4.add(f32x4.add(a3, b3), v128.load(bias, 48)), out + at + 48, mode);
  }
}

import { finish8 } from './epilogue';
import { addNibbles, lowerScales, lowNibbles, scaledNibbles, upper, upperScales } from './nibble-dots';
import { Linear } from './structs';

/** matvecQ4 by byte products, to the same bits: x (K) i8. */
export function matvecQ4Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, out: usize, mode: i32,
): void {
  const K = <usize>W.K;
  let p = W.weights + <usize>first * ((K >> 5) * 288);
  const low = lowNibbles();
  for (let block = first; block < last; block++) {
    let y0 = f32x4.splat(0.0), y1 = f32x4.splat(0.0), y2 = f32x4.splat(0.0), y3 = f32x4.splat(0.0);
    let xp = x;
    let i: usize = 0;
    const xEnd = x + K;
    while (xp < xEnd) {
      let a0 = v128.load_splat<u32>(sums + i);
      let a1 = a0, a2 = a0, a3 = a0;
      const groupEnd = xp + 32;
      while (xp < groupEnd) {
        const u = v128.load_splat<u32>(xp);
        const v = v128.load(p);
        a0 = addNibbles(a0, u, v128.and(v, low));
        a1 = addNibbles(a1, u, upper(v, low));
        const w = v128.load(p, 144);
        a2 = addNibbles(a2, u, v128.and(w, low));
        a3 = addNibbles(a3, u, upper(w, low));
        p += 16;
        xp += 4;
      }
      const xScale = v128.load_splat<u32>(xScales + i);
      const v = v128.load(p);
      y0 = f32x4.add(y0, scaledNibbles(a0, lowerScales(v), xScale));
      y1 = f32x4.add(y1, scaledNibbles(a1, upperScales(v), xScale));
      const w = v128.load(p, 144);
      y2 = f32x4.add(y2, scaledNibbles(a2, lowerScales(w), xScale));
      y3 = f32x4.add(y3, scaledNibbles(a3, upperScales(w), xScale));
      p += 160;
      i += 4;
    }
    const at = <usize>block << 6;
    const bias = W.bias + at;
    finish8(y0, y1, bias, out + at, mode);
    finish8(y2, y3, bias + 32, out + at + 32, mode);
  }
}

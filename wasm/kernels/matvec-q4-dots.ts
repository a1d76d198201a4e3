import { finish8 } from './epilogue';
import { addNibbles, lowerScales, lowNibbles, scaledNibbles, upper, upperScales } from './nibble-dots';
import { Linear } from './structs';

/**
 * matvecQ4 by byte products, to the same bits: x (K) i8. Two blocks at once, one from each half of those that are asked for: every
 * group of inputs is read once for both, and memory is read faster in two long streams than in one. `scratch` is room for
 * their 32 sums of whole groups.
 */
export function matvecQ4Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, out: usize, mode: i32, scratch: usize,
): void {
  const groups = <usize>W.K >> 5;
  // Of an odd number the block in the middle is in both halves, and dropped once.
  const count = last - first;
  const half = (count + 1) >> 1;
  let p = W.weights + <usize>first * (groups * 288);
  let q = p + <usize>(count >> 1) * (groups * 288);
  const low = lowNibbles();
  for (let block = 0; block < half; block++) {
    for (let i: usize = 0; i < 128; i += 16) v128.store(scratch + i, f32x4.splat(0.0));
    let xp = x;
    for (let i: usize = 0; i < groups << 2; i += 4) {
      let a0 = v128.load_splat<u32>(sums + i);
      let a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
      const groupEnd = xp + 32;
      while (xp < groupEnd) {
        const u = v128.load_splat<u32>(xp);
        let v = v128.load(p);
        a0 = addNibbles(a0, u, v128.and(v, low));
        a1 = addNibbles(a1, u, upper(v, low));
        v = v128.load(p, 144);
        a2 = addNibbles(a2, u, v128.and(v, low));
        a3 = addNibbles(a3, u, upper(v, low));
        v = v128.load(q);
        b0 = addNibbles(b0, u, v128.and(v, low));
        b1 = addNibbles(b1, u, upper(v, low));
        v = v128.load(q, 144);
        b2 = addNibbles(b2, u, v128.and(v, low));
        b3 = addNibbles(b3, u, upper(v, low));
        p += 16;
        q += 16;
        xp += 4;
      }
      const xScale = v128.load_splat<u32>(xScales + i);
      addScaled(scratch, a0, a1, p, xScale);
      addScaled(scratch + 32, a2, a3, p + 144, xScale);
      addScaled(scratch + 64, b0, b1, q, xScale);
      addScaled(scratch + 96, b2, b3, q + 144, xScale);
      p += 160;
      q += 160;
    }
    const at = <usize>(first + block) << 6;
    finish16(scratch, W.bias + at, out + at, mode);
    if (block == 0 && count & 1) continue;
    const other = at + (<usize>(count >> 1) << 6);
    finish16(scratch + 64, W.bias + other, out + other, mode);
  }
}

/** Eight rows' sums of one group, scaled, on top of those at `to`. */
// @ts-ignore: decorator
@inline
function addScaled(to: usize, a: v128, b: v128, scales: usize, xScale: v128): void {
  const v = v128.load(scales);
  v128.store(to, f32x4.add(v128.load(to), scaledNibbles(a, lowerScales(v), xScale)));
  v128.store(to, f32x4.add(v128.load(to, 16), scaledNibbles(b, upperScales(v), xScale)), 16);
}

function finish16(sums: usize, bias: usize, out: usize, mode: i32): void {
  finish8(v128.load(sums), v128.load(sums, 16), bias, out, mode);
  finish8(v128.load(sums, 32), v128.load(sums, 48), bias + 32, out + 32, mode);
}

import { finish8 } from './epilogue';
import { addNibbles, lowerScales, lowNibbles, scaledNibbles, upper, upperScales } from './nibble-dots';
import { Linear } from './structs';

/**
 * matmulQ4 by byte products, to the same bits: x in i8 tiles of four tokens (operand.ts). Eight rows times a tile stay in registers;
 * nibbles are unpacked once a tile, three instructions for sixteen of products.
 */
export function matmulQ4Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, T: i32, out: usize, outStride: usize,
  mode: i32, scratch: usize,
): void {
  const K = <usize>W.K;
  const groups = K >> 5;
  for (let block: usize = first; block < <usize>last; block++) {
    const p = W.weights + block * groups * 288;
    const bias = W.bias + (block << 6);
    for (let t = 0; t < T; t += 4) {
      const xp = x + <usize>t * K;
      const i = <usize>t * (groups << 2);
      const o = out + <usize>t * outStride + (block << 6);
      eightRows(K, p, bias, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
      eightRows(K, p + 144, bias + 32, xp, xScales + i, sums + i, T - t, o + 32, outStride, mode, scratch);
    }
  }
}

/**
 * Eight rows times a tile, of which `count` tokens or more are wanted. The sums of whole groups are in `scratch`, tokens × 8 f32: as
 * variables they would push integer sums, which change at every step, out of the registers.
 */
function eightRows(
  K: usize, p: usize, bias: usize, x: usize, xScales: usize, sums: usize, count: i32, out: usize, outStride: usize,
  mode: i32, scratch: usize,
): void {
  const end = p + (K >> 5) * 288;
  for (let i: usize = 0; i < 128; i += 16) v128.store(scratch + i, f32x4.splat(0.0));
  const low = lowNibbles();
  while (p < end) {
    let a0 = v128.load_splat<u32>(sums), a1 = v128.load_splat<u32>(sums, 4);
    let a2 = v128.load_splat<u32>(sums, 8), a3 = v128.load_splat<u32>(sums, 12);
    let b0 = a0, b1 = a1, b2 = a2, b3 = a3;
    const groupEnd = p + 128;
    while (p < groupEnd) {
      const both = v128.load(p);
      const v = v128.and(both, low);
      const w = upper(both, low);
      let u = v128.load_splat<u32>(x);
      a0 = addNibbles(a0, u, v);
      b0 = addNibbles(b0, u, w);
      u = v128.load_splat<u32>(x, 4);
      a1 = addNibbles(a1, u, v);
      b1 = addNibbles(b1, u, w);
      u = v128.load_splat<u32>(x, 8);
      a2 = addNibbles(a2, u, v);
      b2 = addNibbles(b2, u, w);
      u = v128.load_splat<u32>(x, 12);
      a3 = addNibbles(a3, u, v);
      b3 = addNibbles(b3, u, w);
      p += 16;
      x += 16;
    }
    const both = v128.load(p);
    const v = lowerScales(both);
    const w = upperScales(both);
    addScaled(scratch, a0, b0, v, w, xScales);
    addScaled(scratch + 32, a1, b1, v, w, xScales + 4);
    addScaled(scratch + 64, a2, b2, v, w, xScales + 8);
    addScaled(scratch + 96, a3, b3, v, w, xScales + 12);
    p += 160;
    xScales += 16;
    sums += 16;
  }
  for (const end = scratch + (<usize>min<i32>(count, 4) << 5); scratch < end; scratch += 32) {
    finish8(v128.load(scratch), v128.load(scratch, 16), bias, out, mode);
    out += outStride;
  }
}

/** Eight rows' sums of one token and group, scaled, on top of those at `to`. */
// @ts-ignore: decorator
@inline
function addScaled(to: usize, a: v128, b: v128, v: v128, w: v128, xScale: usize): void {
  const scale = v128.load_splat<u32>(xScale);
  v128.store(to, f32x4.add(v128.load(to), scaledNibbles(a, v, scale)));
  v128.store(to, f32x4.add(v128.load(to, 16), scaledNibbles(b, w, scale)), 16);
}

import { dot4 } from './byte-dots';
import { finish8 } from './epilogue';
import { bf16x4, scaled } from './matvec-q8';
import { tokensInSixes } from './operand';
import { Linear } from './structs';

/** Names of the two tiles, for the type parameter of `halfBlock`. */
type Four = i32;
type Six = i64;

/**
 * matmulQ8 by byte products, to the same bits: x in i8 tiles of six tokens, the last of four, with scales and with the sums that make
 * good that weights were flipped (see operand.ts). Eight rows times a tile stay in registers; six tokens make twelve sums,
 * enough to hide how long a product takes.
 */
export function matmulQ8Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, T: i32, out: usize, outStride: usize,
  mode: i32, scratch: usize,
): void {
  const K = <usize>W.K;
  const groups = K / <usize>W.group;
  const blockBytes = groups * ((<usize>W.group << 4) + 32);
  const fours = tokensInSixes(T);
  for (let block: usize = first; block < <usize>last; block++) {
    const p = W.weights + block * blockBytes;
    const at = block << 6;
    for (let t = 0; t < T; ) {
      const xp = x + <usize>t * K;
      const i = <usize>t * (groups << 2);
      const o = out + <usize>t * outStride + at;
      if (t < fours) {
        halfBlock<Six>(W, p, 0, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        halfBlock<Six>(W, p + 32, 32, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        t += 6;
      } else {
        halfBlock<Four>(W, p, 0, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        halfBlock<Four>(W, p + 32, 32, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        t += 4;
      }
    }
  }
}

/**
 * Eight rows times a tile, of which `count` tokens or more are wanted. `p` points `half` bytes into the first line of a block:
 * adding that in the inner loop would cost a register too many. The sums of whole groups are in `scratch`, tokens × 8 f32:
 * as variables they would push integer sums, which change at every step, out of the registers.
 */
function halfBlock<Tile>(
  W: Linear, p: usize, half: usize, at: usize, x: usize, xScales: usize, sums: usize, count: i32, out: usize,
  outStride: usize, mode: i32, scratch: usize,
): void {
  const tile: usize = sizeof<Tile>() == sizeof<Six>() ? 6 : 4;
  const groupBytes = <usize>W.group << 4;
  const end = p + (<usize>W.K / <usize>W.group) * (groupBytes + 32);
  for (let i: usize = 0; i < tile << 5; i += 32) {
    v128.store(scratch + i, f32x4.splat(0.0));
    v128.store(scratch + i, f32x4.splat(0.0), 16);
  }
  while (p < end) {
    let a0 = v128.load_splat<u32>(sums), a1 = v128.load_splat<u32>(sums, 4);
    let a2 = v128.load_splat<u32>(sums, 8), a3 = v128.load_splat<u32>(sums, 12);
    let a4 = a0, a5 = a0;
    if (tile == 6) {
      a4 = v128.load_splat<u32>(sums, 16);
      a5 = v128.load_splat<u32>(sums, 20);
    }
    let b0 = a0, b1 = a1, b2 = a2, b3 = a3, b4 = a4, b5 = a5;
    const groupEnd = p + groupBytes;
    while (p < groupEnd) {
      const v = v128.load(p);
      const w = v128.load(p, 16);
      let u = v128.load_splat<u32>(x);
      a0 = dot4(u, v, a0);
      b0 = dot4(u, w, b0);
      u = v128.load_splat<u32>(x, 4);
      a1 = dot4(u, v, a1);
      b1 = dot4(u, w, b1);
      u = v128.load_splat<u32>(x, 8);
      a2 = dot4(u, v, a2);
      b2 = dot4(u, w, b2);
      u = v128.load_splat<u32>(x, 12);
      a3 = dot4(u, v, a3);
      b3 = dot4(u, w, b3);
      if (tile == 6) {
        u = v128.load_splat<u32>(x, 16);
        a4 = dot4(u, v, a4);
        b4 = dot4(u, w, b4);
        u = v128.load_splat<u32>(x, 20);
        a5 = dot4(u, v, a5);
        b5 = dot4(u, w, b5);
      }
      p += 64;
      x += tile << 2;
    }
    const scales = p - (half >> 1); // half a line, but those of half the rows are a quarter as long
    const v = bf16x4(scales);
    const w = bf16x4(scales + 8);
    addScaled(scratch, a0, b0, v, w, xScales);
    addScaled(scratch + 32, a1, b1, v, w, xScales + 4);
    addScaled(scratch + 64, a2, b2, v, w, xScales + 8);
    addScaled(scratch + 96, a3, b3, v, w, xScales + 12);
    if (tile == 6) {
      addScaled(scratch + 128, a4, b4, v, w, xScales + 16);
      addScaled(scratch + 160, a5, b5, v, w, xScales + 20);
    }
    p += 32;
    xScales += tile << 2;
    sums += tile << 2;
  }
  const bias = W.bias + at + half;
  out += half;
  for (const end = scratch + (<usize>min<i32>(count, <i32>tile) << 5); scratch < end; scratch += 32) {
    finish8(v128.load(scratch), v128.load(scratch, 16), bias, out, mode);
    out += outStride;
  }
}

/** Eight rows' integer sums of one token and group, scaled, on top of those at `to`. */
// @ts-ignore: decorator
@inline
function addScaled(to: usize, a: v128, b: v128, v: v128, w: v128, xScale: usize): void {
  v128.store(to, f32x4.add(v128.load(to), scaled(a, v, xScale)));
  v128.store(to, f32x4.add(v128.load(to, 16), scaled(b, w, xScale)), 16);
}

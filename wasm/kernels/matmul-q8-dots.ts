import { addProducts, ones } from './byte-dots';
import { BYTE_DOTS, BYTE_PAIRS } from './dtype';
import { finish4 } from './epilogue';
import { bf16x4, scaled } from './matvec-q8';
import { sumTimes } from './matvec-q8-dots';
import { tokensInSixes } from './operand';
import { Linear } from './structs';

/** Names of the tiles, for the type parameter of `halfBlock`. Two are the first half of four. */
type Two = i16;
type Four = i32;
type Six = i64;

/**
 * matmulQ8 by byte products, to the same bits: x in u8 tiles with scales and with what is multiplied by
 * sums of weights (see operand.ts). Eight rows times a tile stay in registers. Six tokens make twelve sums, enough to hide how
 * long a product in one instruction takes; where it takes three, they need registers, and only the last waits for a sum.
 */
export function matmulQ8Dots(
  W: Linear, first: i32, last: i32, x: usize, xScales: usize, sums: usize, T: i32, out: usize, outStride: usize,
  mode: i32, scratch: usize,
): void {
  const K = <usize>W.K;
  const groups = K / <usize>W.group;
  const blockBytes = groups * ((<usize>W.group << 4) + 64);
  const fours = tokensInSixes(T);
  for (let block: usize = first; block < <usize>last; block++) {
    const p = W.weights + block * blockBytes;
    const at = block << 6;
    for (let t = 0; t < T; ) {
      const xp = x + <usize>t * K;
      const i = <usize>t * (groups << 2);
      const o = out + <usize>t * outStride + at;
      if (BYTE_DOTS && t < fours) {
        halfBlock<Six>(W, p, 0, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        halfBlock<Six>(W, p + 32, 32, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        t += 6;
      } else if (BYTE_PAIRS && t + 2 >= T) {
        halfBlock<Two>(W, p, 0, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        halfBlock<Two>(W, p + 32, 32, at, xp, xScales + i, sums + i, T - t, o, outStride, mode, scratch);
        t += 2;
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
  const two = sizeof<Tile>() == sizeof<Two>();
  const groupBytes = <usize>W.group << 4;
  const one = v128.load(ones);
  const end = p + (<usize>W.K / <usize>W.group) * (groupBytes + 64);
  const bias = W.bias + at + half;
  const a = v128.load(bias), b = v128.load(bias, 16);
  for (let i: usize = 0; i < tile << 5; i += 32) {
    v128.store(scratch + i, a);
    v128.store(scratch + i, b, 16);
  }
  while (p < end) {
    const groupEnd = p + groupBytes;
    const scales = groupEnd - (half >> 1); // half a line, but those of half the rows are a quarter as long
    let zero = v128.load_splat<u32>(sums);
    let a0 = sumTimes(scales + 32, zero), b0 = sumTimes(scales + 40, zero);
    zero = v128.load_splat<u32>(sums, 4);
    let a1 = sumTimes(scales + 32, zero), b1 = sumTimes(scales + 40, zero);
    let a2 = a0, a3 = a0, a4 = a0, a5 = a0, b2 = b0, b3 = b0, b4 = b0, b5 = b0;
    if (!two) {
      zero = v128.load_splat<u32>(sums, 8);
      a2 = sumTimes(scales + 32, zero);
      b2 = sumTimes(scales + 40, zero);
      zero = v128.load_splat<u32>(sums, 12);
      a3 = sumTimes(scales + 32, zero);
      b3 = sumTimes(scales + 40, zero);
    }
    if (tile == 6) {
      zero = v128.load_splat<u32>(sums, 16);
      a4 = sumTimes(scales + 32, zero);
      b4 = sumTimes(scales + 40, zero);
      zero = v128.load_splat<u32>(sums, 20);
      a5 = sumTimes(scales + 32, zero);
      b5 = sumTimes(scales + 40, zero);
    }
    while (p < groupEnd) {
      const v = v128.load(p);
      const w = v128.load(p, 16);
      let u = v128.load_splat<u32>(x);
      a0 = addProducts(a0, v, u, one);
      b0 = addProducts(b0, w, u, one);
      u = v128.load_splat<u32>(x, 4);
      a1 = addProducts(a1, v, u, one);
      b1 = addProducts(b1, w, u, one);
      if (!two) {
        u = v128.load_splat<u32>(x, 8);
        a2 = addProducts(a2, v, u, one);
        b2 = addProducts(b2, w, u, one);
        u = v128.load_splat<u32>(x, 12);
        a3 = addProducts(a3, v, u, one);
        b3 = addProducts(b3, w, u, one);
      }
      if (tile == 6) {
        u = v128.load_splat<u32>(x, 16);
        a4 = addProducts(a4, v, u, one);
        b4 = addProducts(b4, w, u, one);
        u = v128.load_splat<u32>(x, 20);
        a5 = addProducts(a5, v, u, one);
        b5 = addProducts(b5, w, u, one);
      }
      p += 64;
      x += tile << 2;
    }
    const v = bf16x4(scales);
    const w = bf16x4(scales + 8);
    addScaled(scratch, a0, b0, v, w, xScales);
    addScaled(scratch + 32, a1, b1, v, w, xScales + 4);
    if (!two) {
      addScaled(scratch + 64, a2, b2, v, w, xScales + 8);
      addScaled(scratch + 96, a3, b3, v, w, xScales + 12);
    }
    if (tile == 6) {
      addScaled(scratch + 128, a4, b4, v, w, xScales + 16);
      addScaled(scratch + 160, a5, b5, v, w, xScales + 20);
    }
    p += 64;
    xScales += tile << 2;
    sums += tile << 2;
  }
  out += half;
  for (const end = scratch + (<usize>min<i32>(count, <i32>tile) << 5); scratch < end; scratch += 32) {
    finish4(v128.load(scratch), out, mode);
    finish4(v128.load(scratch, 16), out + 16, mode);
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

// Floats to q8 and q4, up to 16 rows of a matrix at once, as files and the GPU have them. The CPU's engine packs weights in
// another order, with the arithmetic of these sources.
import { findLargest } from './find-largest';
import { gatherTile } from './gather-tile';
import { bestScales, nibble4 } from './q4';
import { bytes4, reciprocal4, scale4 } from './q8';

/** Where the rows are to be put, (n, K) f32. */
export let rowBuffer: usize = 0;
/** Results: integers, (n, K) i8 or (n, K / 2) of two nibbles, and scales, (n, K / group) bf16. */
export let integers: usize = 0;
export let scales: usize = 0;

/** A tile of 16 rows and one group of at most 128 inputs, and the largest of each row. */
let tile: usize = 0;
let largest: usize = 0;

/** Makes room for 16 rows of K inputs, whole groups. */
export function reserve(K: i32): void {
  tile = (__heap_base + 15) & ~15;
  largest = tile + (128 << 6);
  rowBuffer = largest + 64;
  integers = rowBuffer + (<usize>K << 6);
  scales = integers + (<usize>K << 4);
  // There is no smaller group than 32.
  const missing = <i32>((scales + <usize>K + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}

/** The tile of a group that begins with input k. Returns a row with a value that is not finite, or -1. */
function gather(rows: i32, K: i32, k: i32, group: i32): i32 {
  gatherTile(rowBuffer + (<usize>k << 2), <usize>K << 2, 4, 0, rows, group, group, tile);
  return findLargest(tile, group, largest);
}

/** A u32 of each of four rows that are `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function storeInFour(out: usize, stride: usize, v: v128): void {
  v128.store_lane<u32>(out, v, 0);
  v128.store_lane<u32>(out + stride, v, 1);
  v128.store_lane<u32>(out + stride * 2, v, 2);
  v128.store_lane<u32>(out + stride * 3, v, 3);
}

/** The bf16 of each of four rows that are `stride` bytes apart. */
function storeScales(out: usize, stride: usize, scale: v128): void {
  v128.store_lane<u16>(out, scale, 1);
  v128.store_lane<u16>(out + stride, scale, 3);
  v128.store_lane<u16>(out + stride * 2, scale, 5);
  v128.store_lane<u16>(out + stride * 3, scale, 7);
}

/** Quantises `rows` rows to q8. Returns a row with a value that is not finite, or -1. */
export function quantise8(rows: i32, K: i32, group: i32): i32 {
  const scaleBytes = <usize>(K / group) << 1;
  for (let k = 0; k < K; k += group) {
    const bad = gather(rows, K, k, group);
    if (bad >= 0) return bad;
    for (let r: usize = 0; r < <usize>rows; r += 4) {
      const scale = scale4(v128.load(largest + (r << 2)));
      const factor = reciprocal4(scale);
      let out = integers + r * <usize>K + <usize>k;
      let p = tile + (r << 2);
      for (const end = p + (<usize>group << 6); p < end; p += 256) {
        storeInFour(out, K, bytes4(p, factor));
        out += 4;
      }
      storeScales(scales + r * scaleBytes + (<usize>(k / group) << 1), scaleBytes, scale);
    }
  }
  return -1;
}

/** Quantises `rows` rows to q4, 32 inputs to a scale. Returns a row with a value that is not finite, or -1. */
export function quantise4(rows: i32, K: i32): i32 {
  const rowBytes = <usize>K >> 1;
  const scaleBytes = <usize>K >> 4;
  const offset = i32x4.splat(8);
  for (let k = 0; k < K; k += 32) {
    const bad = gather(rows, K, k, 32);
    if (bad >= 0) return bad;
    for (let r: usize = 0; r < <usize>rows; r += 4) {
      let p = tile + (r << 2);
      const scale = bestScales(p);
      const factor = reciprocal4(scale);
      let out = integers + r * rowBytes + (<usize>k >> 1);
      for (const end = p + 2048; p < end; p += 512) {
        let bytes = i32x4.splat(0);
        for (let i = 0; i < 4; i++) {
          const low = i32x4.add(nibble4(p + (<usize>i << 6), factor), offset);
          const high = i32x4.add(nibble4(p + 256 + (<usize>i << 6), factor), offset);
          bytes = v128.or(bytes, i32x4.shl(v128.or(low, i32x4.shl(high, 4)), i << 3));
        }
        storeInFour(out, rowBytes, bytes);
        out += 4;
      }
      storeScales(scales + r * scaleBytes + (<usize>(k >> 5) << 1), scaleBytes, scale);
    }
  }
  return -1;
}

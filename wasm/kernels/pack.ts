// Weights on their way in: rows of a checkpoint's matrix into their places in blocks of 16 rows.
// A block is one sequential stream for the product that reads it (bytes in this order):
//   f32  (K, 16) f32
//   q8   for each group: (group/4, 16, 4) i8, xored with FLIP, then (16) bf16 scales
//   q4   for each 32 inputs: (16, 4, 2) i16, then (16) bf16 scales. The i16 at (k/2, j, k % 2) holds four rows:
//        4096 · row(12 + j) + 256 · (row(8 + j) + 8) + 16 · (row(4 + j) + 8) + row(j) + 8
// so that the lanes of a dot product are output rows and hardly one needs a horizontal sum. Rows of q4 that share an i16
// need no unpacking: an arithmetic shift leaves the upper ones, and Σ of the lower follows by subtraction, exactly,
// because i32 wraps. The offsets are made good by the sum of the activations.
import { DTYPE, F32, Q4, Q8 } from './dtype';
import { gatherTile } from './gather-tile';
import { pack4 } from './pack-q4';
import { pack8 } from './pack-q8';

/** Inputs of a tile in f32, where no scale is shared. */
const F32_WIDTH: i32 = 64;
const LARGEST_FINITE: i32 = 0x7f7fffff;

/** Bytes of one block of 16 rows. */
export function blockBytes(K: i32, group: i32): usize {
  if (DTYPE == F32) return <usize>K << 6;
  if (DTYPE == Q8) return <usize>((K / group) * (16 * group + 32));
  return <usize>((K >> 5) * 288);
}

/** masks (16) i32: all bits set for the rows from `lane` on, `count` of them; a block's others keep what they hold. */
function writeMasks(masks: usize, lane: i32, count: i32): void {
  for (let i = 0; i < 16; i++) store<i32>(masks + (<usize>i << 2), i >= lane && i < lane + count ? -1 : 0);
}

/**
 * tile (width, 16) -> largest (16): the largest absolute value of each row. Compared as integers, which orders
 * positive floats and puts Infinity and NaN above all numbers. Returns the first row that holds one of those, or -1.
 */
function findLargest(tile: usize, width: i32, largest: usize): i32 {
  const sign = i32x4.splat(0x7fffffff);
  let a = i32x4.splat(0), b = i32x4.splat(0), c = i32x4.splat(0), d = i32x4.splat(0);
  for (let end = tile + (<usize>width << 6); tile < end; tile += 64) {
    a = i32x4.max_s(a, v128.and(v128.load(tile), sign));
    b = i32x4.max_s(b, v128.and(v128.load(tile, 16), sign));
    c = i32x4.max_s(c, v128.and(v128.load(tile, 32), sign));
    d = i32x4.max_s(d, v128.and(v128.load(tile, 48), sign));
  }
  v128.store(largest, a);
  v128.store(largest, b, 16);
  v128.store(largest, c, 32);
  v128.store(largest, d, 48);
  for (let i = 0; i < 16; i++) if (load<i32>(largest + (<usize>i << 2)) > LARGEST_FINITE) return i;
  return -1;
}

/** tile (width, 16) -> the same floats in a block. */
function packF32(tile: usize, masks: usize, out: usize, width: i32): void {
  for (let i: usize = 0; i < <usize>width << 6; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(tile + i), v128.load(out + i), v128.load(masks + (i & 48))));
  }
}

/**
 * rows × n floats at src (strides in bytes) -> rows `firstRow` … of a packed matrix, a tile of 16 rows and one group
 * of inputs at a time. `scratch` is room for 128 bytes and (128, 16) floats. Returns a row with a value that is not
 * finite, or -1.
 */
export function packRows(
  src: usize, rowStride: usize, columnStride: usize, firstRow: i32, rows: i32, n: i32,
  weights: usize, K: i32, group: i32, scratch: usize,
): i32 {
  const masks = scratch;
  const largest = scratch + 64;
  const tile = scratch + 128;
  const tileWidth = DTYPE == F32 ? F32_WIDTH : group;
  let r = 0;
  while (r < rows) {
    const lane = (firstRow + r) & 15;
    const count = min<i32>(16 - lane, rows - r);
    writeMasks(masks, lane, count);
    let out = weights + <usize>((firstRow + r) >> 4) * blockBytes(K, group);
    for (let k = 0; k < K; k += tileWidth) {
      const width = min<i32>(tileWidth, K - k);
      const from = src + <usize>r * rowStride + <usize>k * columnStride;
      gatherTile(from, rowStride, columnStride, lane, count, max<i32>(0, min<i32>(width, n - k)), width, tile);
      const bad = findLargest(tile, width, largest);
      if (bad >= 0) return r + bad - lane;
      if (DTYPE == Q8) pack8(tile, masks, largest, out, width);
      else if (DTYPE == Q4) pack4(tile, masks, out);
      else packF32(tile, masks, out, width);
      out += blockBytes(width, width);
    }
    r += count;
  }
  return -1;
}

// Weights on their way in: rows of a checkpoint's matrix into their places in blocks of 16 rows.
// A block is one sequential stream for the product that reads it (bytes in this order):
//   f32  (K, 16) f32
//   q8   for each group: (group/4, 16, 4) i8, then (16) bf16 scales, then the rows' sums (16) i16, see operand.ts
//   q4, byte products  for each 32 inputs and each eight rows: (8, 4, 4) bytes, then (4, 2) bf16 scales. The byte at (k/4, j, k % 4)
//        holds two rows with 8 added: 16 · row(4 + j) + row(j); at j are the scales of the same
//   q4, plain  for each 32 inputs: (16, 4, 2) i16, then (16) bf16 scales. The i16 at (k/2, j, k % 2) holds four rows:
//        4096 · row(12 + j) + 256 · (row(8 + j) + 8) + 16 · (row(4 + j) + 8) + row(j) + 8
// so that the lanes of a dot product are output rows and hardly one needs a horizontal sum. Rows of plain q4 that share an i16
// need no unpacking: an arithmetic shift leaves the upper ones, and Σ of the lower follows by subtraction, exactly,
// because i32 wraps. The offsets are made good by the sum of the activations.
import { findLargest } from '../quantising/find-largest';
import { gatherTile } from '../quantising/gather-tile';
import { BLOCK_ROWS, BLOCK_SCALE_BYTES, BLOCK_SUM_BYTES, PACK_SCRATCH_BYTES } from './constants';
import { BYTES, DTYPE, F32, Q4, Q8 } from './dtype';
import { pack4 } from './pack-q4';
import { pack4Dots } from './pack-q4-dots';
import { pack8 } from './pack-q8';

/** Inputs of a tile in f32, where no scale is shared. */
const F32_WIDTH: i32 = 64;

/** Bytes of one block of rows. */
export function blockBytes(K: i32, group: i32): usize {
  if (DTYPE == F32) return <usize>(K * BLOCK_ROWS) << 2;
  if (DTYPE == Q8) return <usize>((K / group) * (BLOCK_ROWS * group + BLOCK_SCALE_BYTES + BLOCK_SUM_BYTES));
  return <usize>((K >> 5) * (BLOCK_ROWS * 16 + BLOCK_SCALE_BYTES));
}

/** masks (16) i32: all bits set for the rows from `lane` on, `count` of them; a block's others keep what they hold. */
function writeMasks(masks: usize, lane: i32, count: i32): void {
  for (let i = 0; i < 16; i++) store<i32>(masks + (<usize>i << 2), i >= lane && i < lane + count ? -1 : 0);
}

/** tile (width, 16) -> the same floats in a block. */
function packF32(tile: usize, masks: usize, out: usize, width: i32): void {
  for (let i: usize = 0; i < <usize>width << 6; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(tile + i), v128.load(out + i), v128.load(masks + (i & 48))));
  }
}

/**
 * rows × n floats at src (strides in bytes) -> rows `firstRow` … of a packed matrix, a tile of 16 rows and one group
 * of inputs at a time. `scratch` has PACK_SCRATCH_BYTES. Returns a row with a value that is not
 * finite, or -1.
 */
export function packRows(
  src: usize, rowStride: usize, columnStride: usize, firstRow: i32, rows: i32, n: i32,
  weights: usize, K: i32, group: i32, scratch: usize,
): i32 {
  const masks = scratch;
  const largest = scratch + 64;
  const tile = scratch + (PACK_SCRATCH_BYTES - 128 * BLOCK_ROWS * 4);
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
      else if (DTYPE == Q4 && BYTES) pack4Dots(tile, masks, out);
      else if (DTYPE == Q4) pack4(tile, masks, out);
      else packF32(tile, masks, out, width);
      out += blockBytes(width, width);
    }
    r += count;
  }
  return -1;
}

// Weights on their way in: one row of a checkpoint's matrix into its place in a block of 16 rows.
// A block is one sequential stream for the product that reads it (bytes in this order):
//   f32  (K, 16) f32
//   q8   for each group: (group/2, 2, 4, 2) i16, then (16) bf16 scales. The i16 at (k/2, h, j, k % 2) holds two
//        rows: 256 · row(8h + 4 + j) + row(8h + j) + 128
//   q4   for each 32 inputs: (16, 4, 2) i16, then (16) bf16 scales. The i16 at (k/2, j, k % 2) holds four rows:
//        4096 · row(12 + j) + 256 · (row(8 + j) + 8) + 16 · (row(4 + j) + 8) + row(j) + 8
// so that the lanes of i32x4.dot_i16x8_s are four output rows, no product needs a horizontal sum, and the rows
// that share an i16 need no unpacking: an arithmetic shift leaves the upper ones, and Σ of the lower follows by
// subtraction, exactly, because i32 wraps. The offsets are made good by the sum of the activations.
import { pack8 } from './pack-q8';
import { pack4 } from './pack-q4';

/** Bytes of one block of 16 rows. */
export function blockBytes(dtype: i32, K: i32, group: i32): usize {
  if (dtype == 0) return <usize>K << 6;
  if (dtype == 1) return <usize>((K / group) * (16 * group + 32));
  return <usize>((K >> 5) * 288);
}

/** src (n floats, `stride` apart) -> row (K), zero after n. Returns whether all are finite. */
function gather(src: usize, stride: usize, n: i32, row: usize, K: i32): bool {
  if (stride == 4) memory.copy(row, src, <usize>n << 2);
  else for (let i = 0; i < n; i++) store<f32>(row + (<usize>i << 2), load<f32>(src + <usize>i * stride));
  memory.fill(row + (<usize>n << 2), 0, <usize>(K - n) << 2);
  // 0 · x is 0 for every finite x and NaN for all others.
  let zero = f32x4.splat(0.0);
  for (let k = 0; k < K; k += 4) {
    zero = f32x4.add(zero, f32x4.mul(v128.load(row + (<usize>k << 2)), f32x4.splat(0.0)));
  }
  return v128.any_true(f32x4.ne(zero, zero)) == false;
}

/**
 * rows × n floats at src (strides in bytes) -> rows `firstRow` … of a packed matrix.
 * `row` is room for K floats. Returns the first row with a value that is not finite, or -1.
 */
export function packRows(
  dtype: i32, src: usize, rowStride: usize, columnStride: usize, firstRow: i32, rows: i32, n: i32,
  weights: usize, K: i32, group: i32, row: usize,
): i32 {
  const bytes = blockBytes(dtype, K, group);
  for (let r = 0; r < rows; r++) {
    if (!gather(src + <usize>r * rowStride, columnStride, n, row, K)) return r;
    const at = firstRow + r;
    const block = weights + <usize>(at >> 4) * bytes;
    const lane = <usize>(at & 15);
    if (dtype == 1) pack8(row, block, lane, K, group);
    else if (dtype == 2) pack4(row, block, lane, K);
    else {
      for (let k = 0; k < K; k++) store<f32>(block + (<usize>k << 6) + (lane << 2), load<f32>(row + (<usize>k << 2)));
    }
  }
  return -1;
}

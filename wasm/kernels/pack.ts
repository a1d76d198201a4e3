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

/** Whether x (K) holds finite numbers only: 0 · x is 0 for those and NaN for all others. */
function isFinite(x: usize, K: i32): bool {
  let zero = f32x4.splat(0.0);
  for (let k = 0; k < K; k += 4) zero = f32x4.add(zero, f32x4.mul(v128.load(x + (<usize>k << 2)), f32x4.splat(0.0)));
  return !v128.any_true(f32x4.ne(zero, zero));
}

/** src (n floats, `stride` bytes apart) -> row (n). */
function gather(src: usize, stride: usize, n: i32, row: usize): void {
  if (stride == 4) memory.copy(row, src, <usize>n << 2);
  else for (let i = 0; i < n; i++) store<f32>(row + (<usize>i << 2), load<f32>(src + <usize>i * stride));
}

/**
 * 16 rows of a transposed matrix, src (n, 16) with `stride` bytes from one column to the next -> rows (16, K),
 * four by four in registers. Row by row, every float would cost a cache line: checkpoints have strides of
 * 12,288 bytes, which all fall into one set of the cache.
 */
function gather16(src: usize, stride: usize, n: i32, rows: usize, K: i32): void {
  const rowBytes = <usize>K << 2;
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    for (let r: usize = 0; r < 16; r += 4) {
      const from = src + (r << 2);
      const a = v128.load(from), b = v128.load(from + stride);
      const c = v128.load(from + stride * 2), d = v128.load(from + stride * 3);
      const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
      const ef = v128.shuffle<u32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
      const out = rows + r * rowBytes + (<usize>i << 2);
      v128.store(out, v128.shuffle<u64>(ab, cd, 0, 2));
      v128.store(out + rowBytes, v128.shuffle<u64>(ab, cd, 1, 3));
      v128.store(out + rowBytes * 2, v128.shuffle<u64>(ef, gh, 0, 2));
      v128.store(out + rowBytes * 3, v128.shuffle<u64>(ef, gh, 1, 3));
    }
    src += stride << 2;
  }
  for (let i = whole; i < n; i++) {
    for (let r: usize = 0; r < 16; r++) store<f32>(rows + r * rowBytes + (<usize>i << 2), load<f32>(src + (r << 2)));
    src += stride;
  }
}

/** One row (K) of a matrix -> its places in the packed matrix. */
function packRow(dtype: i32, row: usize, at: i32, weights: usize, K: i32, group: i32): void {
  const block = weights + <usize>(at >> 4) * blockBytes(dtype, K, group);
  const lane = <usize>(at & 15);
  if (dtype == 1) pack8(row, block, lane, K, group);
  else if (dtype == 2) pack4(row, block, lane, K);
  else {
    const out = block + (lane << 2);
    for (let k: usize = 0; k < <usize>K; k++) store<f32>(out + (k << 6), load<f32>(row + (k << 2)));
  }
}

/**
 * rows × n floats at src (strides in bytes) -> rows `firstRow` … of a packed matrix. `scratch` is room for
 * (16, K) floats. Returns the first row with a value that is not finite, or -1.
 */
export function packRows(
  dtype: i32, src: usize, rowStride: usize, columnStride: usize, firstRow: i32, rows: i32, n: i32,
  weights: usize, K: i32, group: i32, scratch: usize,
): i32 {
  const rowBytes = <usize>K << 2;
  memory.fill(scratch, 0, rowBytes << 4); // columns from n to K stay zero
  let r = 0;
  while (r < rows) {
    const count = rowStride == 4 && rows - r >= 16 ? 16 : 1;
    const from = src + <usize>r * rowStride;
    if (count == 16) gather16(from, columnStride, n, scratch, K);
    else gather(from, columnStride, n, scratch);
    for (let i = 0; i < count; i++) {
      const row = scratch + <usize>i * rowBytes;
      if (!isFinite(row, K)) return r + i;
      packRow(dtype, row, firstRow + r + i, weights, K, group);
    }
    r += count;
  }
  return -1;
}

/** How a matrix lies that products read: rows of f32, or of integers as QuantisedRows (sdk/model/tensor.ts) has them. */
@unmanaged
export class MatrixRows {
  dtype: i32; // 0: f32, 1: q8, 2: q4
  rows: usize;
  rowBytes: usize;
  scales: usize; // bf16, (rows, K / group)
  scaleBytes: usize; // of a row
  group: i32; // a multiple of 32
}

/**
 * Address of values `column` … `column + count - 1` of a row as f32: where they stand, or in `scratch`, which takes whole groups of 32.
 * Of a quantised matrix, `column` is a multiple of 32.
 */
export function readRow(matrix: MatrixRows, row: i32, column: i32, count: i32, scratch: usize): usize {
  const values = matrix.rows + <usize>row * matrix.rowBytes;
  if (matrix.dtype == 0) return values + (<usize>column << 2);
  const scales = matrix.scales + <usize>row * matrix.scaleBytes;
  let to = scratch;
  for (const end = column + count; column < end; column += 32) {
    const scale = f32x4.splat(reinterpret<f32>(<u32>load<u16>(scales + (<usize>(column / matrix.group) << 1)) << 16));
    if (matrix.dtype == 1) {
      for (let i: usize = 0; i < 32; i += 16) dequantise16(v128.load(values + <usize>column + i), scale, to + (i << 2));
    } else {
      // Four bytes hold eight values, the first four in their low halves.
      const nibbles = v128.load(values + (<usize>column >> 1));
      const low = v128.and(nibbles, i8x16.splat(15));
      const high = i8x16.shr_u(nibbles, 4);
      const eight = i8x16.splat(8);
      dequantise16(i8x16.sub(v128.shuffle<i32>(low, high, 0, 4, 1, 5), eight), scale, to);
      dequantise16(i8x16.sub(v128.shuffle<i32>(low, high, 2, 6, 3, 7), eight), scale, to + 64);
    }
    to += 128;
  }
  return scratch;
}

/** 16 signed bytes -> f32. */
function dequantise16(bytes: v128, scale: v128, to: usize): void {
  const low = i16x8.extend_low_i8x16_s(bytes), high = i16x8.extend_high_i8x16_s(bytes);
  v128.store(to, f32x4.mul(scale, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low))));
  v128.store(to, f32x4.mul(scale, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low))), 16);
  v128.store(to, f32x4.mul(scale, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high))), 32);
  v128.store(to, f32x4.mul(scale, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high))), 48);
}

// A matrix as signed bytes, four in a u32, in rows of `weights_stride` that begin with row `weights_at`.
@group(0) @binding(2) var<storage, read> weights: array<u32>;

fn weight(row: u32, column: u32) -> f32 {
  let word = weights[((task.weights_at + row) * task.weights_stride + column) / 4];
  return f32(extractBits(bitcast<i32>(word), column % 4 * 8, 8)) * weight_scale(row, column);
}

// A matrix as nibbles with 8 added, eight in a u32: low nibbles are columns 0 to 3, high ones 4 to 7. Rows as in weights-q8.wgsl.
@group(0) @binding(2) var<storage, read> weights: array<u32>;

fn weight(row: u32, column: u32) -> f32 {
  let word = weights[((task.weights_at + row) * task.weights_stride + column) / 8];
  return (f32(extractBits(word, column % 4 * 8 + column % 8 / 4 * 4, 4)) - 8) * weight_scale(row, column);
}

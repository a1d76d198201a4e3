// The engine's scales (shaders/parts/scales.wgsl): an f16 per 32 columns, two in a u32, rows padded to whole u32, times 256.
@group(0) @binding(3) var<storage, read> scales: array<u32>;

fn weight_scale(row: u32, column: u32) -> f32 {
  let pair = scales[(task.weights_at + row) * ((task.weights_stride + 63) / 64) + column / 64];
  return unpack2x16float(pair)[column / 32 % 2] / 256;
}

// Weights W (N, K) as f32.
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;

// Inputs 8 i ... 8 i + 7 of a row, to be multiplied by weight_scale.
fn weight_tile(row: u32, i: u32) -> mat2x4f {
  let at = (row * (K / 8) + i) * 2;
  return mat2x4f(weights[at], weights[at + 1]);
}
fn weight_scale(row: u32, i: u32) -> f32 { return 1; }

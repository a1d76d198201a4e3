// Weights W (N, K) as f16, eight in a vec4u; half2 (a part of its own) turns two of them into f32.
@group(0) @binding(2) var<storage, read> weights: array<vec4u>;

// Inputs 8 i ... 8 i + 7 of a row, to be multiplied by weight_scale.
fn weight_tile(row: u32, i: u32) -> mat2x4f {
  let w = weights[row * (K / 8) + i];
  return mat2x4f(vec4f(half2(w.x), half2(w.y)), vec4f(half2(w.z), half2(w.w)));
}
fn weight_scale(row: u32, i: u32) -> f32 { return 1; }

// Weights W (N, K) as f16, eight in a vec4u. Unpacked by the built-in that every device has: with shader-f16,
// bitcast<vec2<f16>> would do the same, but Firefox computes something else (gfx-rs/wgpu#8896).
@group(0) @binding(2) var<storage, read> weights: array<vec4u>;

// Inputs 8 i ... 8 i + 7 of a row, to be multiplied by weight_scale.
fn weight_tile(row: u32, i: u32) -> mat2x4f {
  let w = weights[row * (K / 8) + i];
  return mat2x4f(vec4f(unpack2x16float(w.x), unpack2x16float(w.y)), vec4f(unpack2x16float(w.z), unpack2x16float(w.w)));
}
fn weight_scale(row: u32, i: u32) -> f32 { return 1; }

// Weights W (N, K) as signed bytes, eight in a vec2u. unpack4x8snorm is in every WGSL (unpack4xI8 is not) and divides by 127.
@group(0) @binding(2) var<storage, read> weights: array<vec2u>;

// Inputs 8 i ... 8 i + 7 of a row, to be multiplied by weight_scale.
fn weight_tile(row: u32, i: u32) -> mat2x4f {
  let w = weights[row * (K / 8) + i];
  return mat2x4f(unpack4x8snorm(w.x), unpack4x8snorm(w.y));
}
fn weight_scale(row: u32, i: u32) -> f32 { return 127 * block_scale(row, i); }

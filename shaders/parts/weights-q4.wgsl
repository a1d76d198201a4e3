// Weights W (N, K) as nibbles with 8 added, eight in a u32: low nibbles are inputs 0 to 3 of the tile, high ones 4 to 7.
@group(0) @binding(2) var<storage, read> weights: array<u32>;

// Inputs 8 i ... 8 i + 7 of a row, to be multiplied by weight_scale.
fn weight_tile(row: u32, i: u32) -> mat2x4f {
  let w = weights[row * (K / 8) + i];
  let low = unpack4x8unorm(w & 0x0f0f0f0f);
  let high = unpack4x8unorm((w >> 4) & 0x0f0f0f0f);
  return mat2x4f(low - 8.0 / 255, high - 8.0 / 255);
}
fn weight_scale(row: u32, i: u32) -> f32 { return 255 * block_scale(row, i); }

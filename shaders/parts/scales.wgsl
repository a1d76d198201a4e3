// One f16 scale per block of 32 inputs, two in a u32, rows padded to whole u32. Stored times 256, so that small scales keep
// their digits in f16.
@group(0) @binding(3) var<storage, read> scales: array<u32>;

fn block_scale(row: u32, i: u32) -> f32 {
  return unpack2x16float(scales[row * ((K + 63) / 64) + i / 8])[i / 4 % 2] / 256;
}

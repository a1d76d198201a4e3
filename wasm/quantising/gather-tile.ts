/** Four rows of a row-major matrix, n columns -> four lanes of a tile (n, 16); n a multiple of 4. */
function transpose4(src: usize, stride: usize, n: i32, tile: usize): void {
  for (let k = 0; k < n; k += 4) {
    const a = v128.load(src), b = v128.load(src + stride);
    const c = v128.load(src + stride * 2), d = v128.load(src + stride * 3);
    const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
    const ef = v128.shuffle<u32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
    v128.store(tile, v128.shuffle<u64>(ab, cd, 0, 2));
    v128.store(tile, v128.shuffle<u64>(ab, cd, 1, 3), 64);
    v128.store(tile, v128.shuffle<u64>(ef, gh, 0, 2), 128);
    v128.store(tile, v128.shuffle<u64>(ef, gh, 1, 3), 192);
    src += 16;
    tile += 256;
  }
}

/**
 * count × n floats at src (strides in bytes) -> lanes `lane` … of a tile (width, 16) f32, zeros in all others and
 * from n to width. Checkpoints hold matrices row by row or column by column; both have a fast way for 16 whole rows.
 */
export function gatherTile(
  src: usize, rowStride: usize, columnStride: usize, lane: i32, count: i32, n: i32, width: i32, tile: usize,
): void {
  if (count < 16 || n < width) memory.fill(tile, 0, <usize>width << 6);
  let k = 0;
  if (count == 16 && rowStride == 4) {
    for (; k < n; k++) {
      const out = tile + (<usize>k << 6);
      const from = src + <usize>k * columnStride;
      v128.store(out, v128.load(from));
      v128.store(out, v128.load(from, 16), 16);
      v128.store(out, v128.load(from, 32), 32);
      v128.store(out, v128.load(from, 48), 48);
    }
  } else if (count == 16 && columnStride == 4) {
    k = n & ~3;
    for (let r: usize = 0; r < 16; r += 4) transpose4(src + r * rowStride, rowStride, k, tile + (r << 2));
  }
  for (; k < n; k++) {
    const out = tile + (<usize>k << 6) + (<usize>lane << 2);
    const from = src + <usize>k * columnStride;
    for (let r: usize = 0; r < <usize>count; r++) store<f32>(out + (r << 2), load<f32>(from + r * rowStride));
  }
}

// Weights that were quantised before: integers and bf16 scales, row by row, into their places in blocks of 16 rows.
// The order inside a block is that of pack.ts; nothing is rounded here.
import { BLOCK_SCALE_BYTES, BLOCK_SUM_BYTES } from './constants';
import { BYTES, DTYPE, Q4, Q8 } from './dtype';
import { sumLanes } from './operand';
import { blockBytes } from './pack';
import { place4Dots } from './pack-q4-dots';

/** integers (K) i8, scales (K / group) -> a row's places in a q8 block. */
function place8(integers: usize, scales: usize, block: usize, lane: usize, K: i32, group: i32): void {
  let out = block + (lane << 2);
  let scaleOut = block + ((<usize>group << 4) + (lane << 1));
  for (let k = 0; k < K; k += group) {
    let sums = i16x8.splat(0);
    for (let i = 0; i < group; i += 16) {
      const bytes = v128.load(integers);
      sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_s(bytes));
      v128.store_lane<u32>(out, bytes, 0);
      v128.store_lane<u32>(out, bytes, 1, 64);
      v128.store_lane<u32>(out, bytes, 2, 128);
      v128.store_lane<u32>(out, bytes, 3, 192);
      integers += 16;
      out += 256;
    }
    store<u16>(scaleOut, load<u16>(scales));
    store<i16>(scaleOut + BLOCK_SCALE_BYTES, <i16>sumLanes(i32x4.extadd_pairwise_i16x8_s(sums)));
    scales += 2;
    out += BLOCK_SCALE_BYTES + BLOCK_SUM_BYTES;
    scaleOut += (<usize>group << 4) + BLOCK_SCALE_BYTES + BLOCK_SUM_BYTES;
  }
}

/** Two nibbles, in the lowest bits of neighbouring bytes of `pair`, -> their place among the others in a u32. */
// @ts-ignore: decorator
@inline
function storePair(out: usize, pair: u32, shift: u32, others: u32): void {
  store<u32>(out, (load<u32>(out) & others) | (((pair & 15) | ((pair & 0xf00) << 8)) << shift));
}

/** integers (K / 2) of two nibbles, scales (K / 32) -> a row's places in a plain q4 block. */
function place4(integers: usize, scales: usize, block: usize, lane: usize, K: i32): void {
  const shift = <u32>(lane >> 2 << 2);
  const others = ~(<u32>0x000f000f << shift);
  // The topmost nibble of an i16 carries its sign; the others have 8 added, as the file has them.
  const flip: u32 = lane < 12 ? 0 : 0x88888888;
  let out = block + ((lane & 3) << 2);
  let scaleOut = block + 256 + (lane << 1);
  for (let k = 0; k < K; k += 32) {
    for (let i = 0; i < 4; i++) {
      const nibbles = load<u32>(integers) ^ flip;
      storePair(out, nibbles & 0x0f0f, shift, others);
      storePair(out + 16, nibbles >> 16 & 0x0f0f, shift, others);
      storePair(out + 32, nibbles >> 4 & 0x0f0f, shift, others);
      storePair(out + 48, nibbles >> 20 & 0x0f0f, shift, others);
      integers += 4;
      out += 64;
    }
    store<u16>(scaleOut, load<u16>(scales));
    scales += 2;
    out += 32;
    scaleOut += 288;
  }
}

/** rows of integers (K) and scales (K / group) -> rows `firstRow` … of a packed matrix in q8 or q4. */
export function packQuantised(
  integers: usize, scales: usize, firstRow: i32, rows: i32, weights: usize, K: i32, group: i32,
): void {
  const rowBytes = <usize>K >> (DTYPE == Q4 ? 1 : 0);
  for (let r = firstRow; r < firstRow + rows; r++) {
    const block = weights + <usize>(r >> 4) * blockBytes(K, group);
    if (DTYPE == Q8) place8(integers, scales, block, <usize>(r & 15), K, group);
    else if (BYTES) place4Dots(integers, scales, block, <usize>(r & 15), K);
    else place4(integers, scales, block, <usize>(r & 15), K);
    integers += rowBytes;
    scales += <usize>(K / group) << 1;
  }
}

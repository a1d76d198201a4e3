// The inverse of pack-quantised.ts: rows of a packed matrix, as files and the GPU have them. In the modules that quantise for
// others than this engine: q4, and q8 without byte products.
import { DTYPE, Q8 } from './dtype';
import { blockBytes } from './pack';

/** A row's places in a q8 block -> integers (K) i8, scales (K / group). */
function take8(block: usize, lane: usize, integers: usize, scales: usize, K: i32, group: i32): void {
  let from = block + (lane << 2);
  let scaleFrom = block + ((<usize>group << 4) + (lane << 1));
  for (let k = 0; k < K; k += group) {
    for (let i = 0; i < group; i += 4) {
      store<i32>(integers, load<i32>(from));
      integers += 4;
      from += 64;
    }
    store<u16>(scales, load<u16>(scaleFrom));
    scales += 2;
    from += 32;
    scaleFrom += (<usize>group << 4) + 32;
  }
}

/** Two nibbles among others in a u32 -> the lowest bits of neighbouring bytes. */
// @ts-ignore: decorator
@inline
function loadPair(from: usize, shift: u32): u32 {
  const pair = (load<u32>(from) >> shift) & 0x000f000f;
  return (pair | (pair >> 8)) & 0x0f0f;
}

/** A row's places in a q4 block -> integers (K / 2) of two nibbles, scales (K / 32). */
function take4(block: usize, lane: usize, integers: usize, scales: usize, K: i32): void {
  const shift = <u32>(lane >> 2 << 2);
  const flip: u32 = lane < 12 ? 0 : 0x88888888;
  let from = block + ((lane & 3) << 2);
  let scaleFrom = block + 256 + (lane << 1);
  for (let k = 0; k < K; k += 32) {
    for (let i = 0; i < 4; i++) {
      const low = loadPair(from, shift) | (loadPair(from + 16, shift) << 16);
      const high = loadPair(from + 32, shift) | (loadPair(from + 48, shift) << 16);
      store<u32>(integers, (low | (high << 4)) ^ flip);
      integers += 4;
      from += 64;
    }
    store<u16>(scales, load<u16>(scaleFrom));
    scales += 2;
    from += 32;
    scaleFrom += 288;
  }
}

/** Rows 0 … of a packed matrix in q8 or q4 -> rows of integers (K) and scales (K / group). */
export function unpackQuantised(
  weights: usize, integers: usize, scales: usize, rows: i32, K: i32, group: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const block = weights + <usize>(r >> 4) * blockBytes(K, group);
    if (DTYPE == Q8) take8(block, <usize>(r & 15), integers, scales, K, group);
    else take4(block, <usize>(r & 15), integers, scales, K);
    integers += <usize>K >> (DTYPE == Q8 ? 0 : 1);
    scales += <usize>(K / group) << 1;
  }
}

import { bestScales, nibble4 } from '../quantising/q4';
import { reciprocal4 } from '../quantising/q8';

/** tile (32, 16) f32 -> one group of a q4 block for byte products, see pack.ts; integers = round(weight / scale). */
export function pack4Dots(tile: usize, masks: usize, out: usize): void {
  const end = tile + 2048;
  for (let i: usize = 0; i < 4; i++) {
    const rows = v128.load(masks + (i << 4));
    const isUpper = (i & 1) != 0;
    const shift = isUpper ? 4 : 0;
    const mask = v128.and(rows, i32x4.splat(0x0f0f0f0f << shift));
    const scale = bestScales(tile + (i << 4));
    const factor = reciprocal4(scale);
    let o = out + (i >> 1) * 144;
    for (let p = tile + (i << 4); p < end; p += 256) {
      const first = v128.or(nibbles(p, factor), i32x4.shl(nibbles(p + 64, factor), 8));
      const last = v128.or(nibbles(p + 128, factor), i32x4.shl(nibbles(p + 192, factor), 8));
      const four = v128.or(first, i32x4.shl(last, 16));
      v128.store(o, v128.bitselect(i32x4.shl(four, shift), v128.load(o), mask));
      o += 16;
    }
    const half = v128.and(rows, i32x4.splat(isUpper ? 0xffff0000 : 0xffff));
    v128.store(o, v128.bitselect(isUpper ? scale : i32x4.shr_u(scale, 16), v128.load(o), half));
  }
}

/** Four rows' integers of one input, with 8 added: 0 to 15. */
// @ts-ignore: decorator
@inline
function nibbles(p: usize, factor: v128): v128 {
  return i32x4.add(nibble4(p, factor), i32x4.splat(8));
}

/** integers (K / 2) of two nibbles, scales (K / 32) -> a row's places in a q4 block for byte products. */
export function place4Dots(integers: usize, scales: usize, block: usize, lane: usize, K: i32): void {
  const shift = <u32>(lane & 4);
  const others = ~(<u32>0x0f0f0f0f << shift);
  let out = block + (lane >> 3) * 144 + ((lane & 3) << 2);
  for (const end = integers + (<usize>K >> 1); integers < end; out += 160) {
    for (const groupEnd = integers + 16; integers < groupEnd; integers += 4) {
      // The file has 8 added as well, and four inputs in the lower nibbles of four bytes, the next four in the upper.
      const both = load<u32>(integers);
      store<u32>(out, (load<u32>(out) & others) | ((both & 0x0f0f0f0f) << shift));
      store<u32>(out, (load<u32>(out, 16) & others) | (((both >> 4) & 0x0f0f0f0f) << shift), 16);
      out += 32;
    }
    store<u16>(out + (shift >> 1), load<u16>(scales));
    scales += 2;
  }
}

/** Row `lane` of such a block -> out (K) f32. */
export function unpackRow4Dots(block: usize, lane: usize, K: i32, out: usize): void {
  const shift = <u32>(lane & 4);
  let p = block + (lane >> 3) * 144 + ((lane & 3) << 2);
  for (const end = out + (<usize>K << 2); out < end; p += 160) {
    const scale = reinterpret<f32>(<u32>load<u16>(p + 128 + (shift >> 1)) << 16);
    for (const groupEnd = p + 128; p < groupEnd; p += 16) {
      const four = load<u32>(p) >> shift;
      for (let i: u32 = 0; i < 32; i += 8) {
        store<f32>(out, <f32>(<i32>((four >> i) & 15) - 8) * scale);
        out += 4;
      }
    }
  }
}

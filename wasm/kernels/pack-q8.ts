import { bytes4, reciprocal4, scale4 } from '../quantising/q8';
import { FLIP } from './byte-dots';

/** Scales of four rows, which are bf16 already, -> their places behind a group, for the rows of the mask. */
// @ts-ignore: decorator
@inline
export function storeScales(out: usize, scale: v128, mask: v128): void {
  const bits = i32x4.shr_u(scale, 16);
  const both = v128.bitselect(
    i16x8.narrow_i32x4_u(bits, bits), v128.load_zero<u64>(out), i16x8.narrow_i32x4_s(mask, mask),
  );
  v128.store_lane<u64>(out, both, 0);
}

/** tile (group, 16) f32 -> one group of a q8 block, see pack.ts; integers = round(weight / scale). */
export function pack8(tile: usize, masks: usize, largest: usize, out: usize, group: i32): void {
  const end = tile + (<usize>group << 6);
  const flip = i8x16.splat(<i8>FLIP);
  for (let four: usize = 0; four < 64; four += 16) {
    const mask = v128.load(masks + four);
    const scale = scale4(v128.load(largest + four));
    const factor = reciprocal4(scale);
    let o = out + four;
    for (let p = tile + four; p < end; p += 256) {
      v128.store(o, v128.bitselect(v128.xor(bytes4(p, factor), flip), v128.load(o), mask));
      o += 64;
    }
    storeScales(out + (<usize>group << 4) + (four >> 1), scale, mask);
  }
}

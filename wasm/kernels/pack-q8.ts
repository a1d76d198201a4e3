import { bytes4, reciprocal4, scale4 } from '../quantising/q8';
import { BLOCK_SCALE_BYTES } from './constants';

/** The lower halves of four lanes -> the places of four rows behind a group, for the rows of the mask. */
// @ts-ignore: decorator
@inline
function storeHalves(out: usize, halves: v128, mask: v128): void {
  const both = v128.bitselect(halves, v128.load_zero<u64>(out), i16x8.narrow_i32x4_s(mask, mask));
  v128.store_lane<u64>(out, both, 0);
}

/** Scales of four rows, which are bf16 already, -> their places behind a group, for the rows of the mask. */
// @ts-ignore: decorator
@inline
export function storeScales(out: usize, scale: v128, mask: v128): void {
  const bits = i32x4.shr_u(scale, 16);
  storeHalves(out, i16x8.narrow_i32x4_u(bits, bits), mask);
}

/** tile (group, 16) f32 -> one group of a q8 block, see pack.ts; integers = round(weight / scale). */
export function pack8(tile: usize, masks: usize, largest: usize, out: usize, group: i32): void {
  const end = tile + (<usize>group << 6);
  for (let four: usize = 0; four < 64; four += 16) {
    const mask = v128.load(masks + four);
    const scale = scale4(v128.load(largest + four));
    const factor = reciprocal4(scale);
    let sum = i32x4.splat(0);
    let o = out + four;
    for (let p = tile + four; p < end; p += 256) {
      const bytes = bytes4(p, factor);
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(bytes)));
      v128.store(o, v128.bitselect(bytes, v128.load(o), mask));
      o += 64;
    }
    const scales = out + (<usize>group << 4) + (four >> 1);
    storeScales(scales, scale, mask);
    storeHalves(scales + BLOCK_SCALE_BYTES, i16x8.narrow_i32x4_s(sum, sum), mask);
  }
}

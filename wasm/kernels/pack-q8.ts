import { largest } from './operand';

/**
 * row (K) f32 -> its places in a q8 block: per group, scale = largest / 127 rounded up to bf16, so that
 * nothing is clipped, then integers = round(row / scale). `lane` (0..15) is the row's place in the block.
 */
export function pack8(row: usize, block: usize, lane: usize, K: i32, group: i32): void {
  let out = block + (lane >> 2 << 4) + ((lane & 3) << 1);
  let scales = block + ((<usize>group << 4) + (lane << 1));
  for (let k = 0; k < K; k += group) {
    const from = row + (<usize>k << 2);
    const bits = (reinterpret<u32>(largest(from, group) / <f32>127.0) + 0xffff) >> 16;
    store<u16>(scales, <u16>bits);
    const scale = reinterpret<f32>(bits << 16);
    const factor = f32x4.splat(scale > 0 ? <f32>1.0 / scale : 0);
    for (let i = 0; i < group; i += 4) {
      const v = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(from + (<usize>i << 2)), factor)));
      const narrow = i16x8.narrow_i32x4_s(v, v);
      const bytes = i8x16.narrow_i16x8_s(narrow, narrow);
      v128.store_lane<u16>(out, bytes, 0);
      v128.store_lane<u16>(out, bytes, 1, 8);
      out += 64;
    }
    out += 32;
    scales += (<usize>group << 4) + 32;
  }
}

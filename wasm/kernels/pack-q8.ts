import { largest } from './operand';

/**
 * row (K) f32 -> its places in a q8 block: per group, scale = largest / 127 rounded up to bf16, so that
 * nothing is clipped, then integers = round(row / scale). `lane` (0..15) is the row's place in the block.
 */
export function pack8(row: usize, block: usize, lane: usize, K: i32, group: i32): void {
  const high = (lane >> 2) & 1;
  // The low byte of each i16 is unsigned: what is in it plus 128. See pack.ts.
  const offset = high ? 0 : 128;
  let out = block + (lane >> 3 << 4) + ((lane & 3) << 2) + high;
  let scales = block + ((<usize>group << 4) + (lane << 1));
  for (let k = 0; k < K; k += group) {
    const from = row + (<usize>k << 2);
    const bits = (reinterpret<u32>(largest(from, group) / <f32>127.0) + 0xffff) >> 16;
    store<u16>(scales, <u16>bits);
    const scale = reinterpret<f32>(bits << 16);
    const factor = f32x4.splat(scale > 0 ? <f32>1.0 / scale : 0);
    for (let i = 0; i < group; i += 4) {
      const scaled = f32x4.nearest(f32x4.mul(v128.load(from + (<usize>i << 2)), factor));
      const v = i32x4.add(i32x4.trunc_sat_f32x4_s(scaled), i32x4.splat(offset));
      v128.store_lane<u8>(out, v, 0);
      v128.store_lane<u8>(out, v, 4, 2);
      v128.store_lane<u8>(out, v, 8, 32);
      v128.store_lane<u8>(out, v, 12, 34);
      out += 64;
    }
    out += 32;
    scales += (<usize>group << 4) + 32;
  }
}

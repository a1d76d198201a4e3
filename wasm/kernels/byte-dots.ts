import { BYTE_DOTS } from './dtype';

/**
 * sums + the dot products of four bytes each, a signed and b, in four lanes: one instruction with VNNI or dotprod. What
 * b's highest bit means is the machine's choice. sdk/backends/wasm/byte-kernels.ts has seen to it that the sums are exact.
 */
// @ts-ignore: decorator
@inline
export function dot4(a: v128, b: v128, sums: v128): v128 {
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(a, b, sums);
}

/** In memory, so that no compiler works out what only the machine knows. */
const bytes = memory.data<u8>([127, 255]);

/** Four times the product of the bytes 127 and 255; 0 in kernels without byte products. */
export function byteProduct(): i32 {
  if (!BYTE_DOTS) return 0;
  return i32x4.extract_lane(dot4(v128.load_splat<u8>(bytes), v128.load_splat<u8>(bytes, 1), i32x4.splat(0)), 0);
}

/** What the bytes of q8 weights are xored with: 0x80, which stores w + 128, where b is unsigned. */
export const FLIP: i32 = BYTE_DOTS ? (byteProduct() > 0 ? 0x80 : 0) : 0;

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

/** Eight times 1, in memory, since an engine builds a constant vector anew at each use. */
export const ones = memory.data<i16>([1, 1, 1, 1, 1, 1, 1, 1]);

/**
 * sums + the dot products of four bytes each, in four lanes: weights w, any signed bytes, times activations u from 0 to 127.
 * Within these bounds the instructions leave nothing to the machine. `one` is `ones`, loaded outside of the loop: engines
 * without VNNI make the one instruction of these three as well, but build its ones at every product.
 */
// @ts-ignore: decorator
@inline
export function addProducts(sums: v128, w: v128, u: v128, one: v128): v128 {
  if (BYTE_DOTS) return i32x4.relaxed_dot_i8x16_i7x16_add_s(w, u, sums);
  return i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(w, u), one));
}

/** In memory, so that no compiler works out what only the machine knows. */
const bytes = memory.data<u8>([127, 255]);

/** Four times the product of the bytes 127 and 255; 0 in kernels without byte products. */
export function byteProduct(): i32 {
  if (!BYTE_DOTS) return 0;
  return i32x4.extract_lane(dot4(v128.load_splat<u8>(bytes), v128.load_splat<u8>(bytes, 1), i32x4.splat(0)), 0);
}

/** What the bytes of keys are xored with: 0x80, which stores k + 128, where b is unsigned. */
export const FLIP: i32 = BYTE_DOTS ? (byteProduct() > 0 ? 0x80 : 0) : 0;

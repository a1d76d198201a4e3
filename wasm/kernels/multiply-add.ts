/** Names of the two ways to multiply and add, for `multiplyAdd`'s type parameter. */
export type Plain = i32;
export type Relaxed = f32;

/**
 * a · b + c in four lanes. Relaxed: in one step where the machine has it, so the last bit may differ from
 * machine to machine; used for f32 weights only. Engines without relaxed SIMD get a module in which
 * that instruction is replaced (sdk/backends/wasm/fit-kernels.ts) and never run it.
 */
// @ts-ignore: decorator
@inline
export function multiplyAdd<M>(a: v128, b: v128, c: v128): v128 {
  if (isFloat<M>()) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}

/** What becomes of a product: stored, or added to what is there (the residual). */
export const STORE: i32 = 0;
export const ADD: i32 = 1;

/** Eight outputs, their bias at `bias`. Called, not inlined: it is rare and many places do it. */
export function finish8(y: v128, z: v128, bias: usize, out: usize, mode: i32): void {
  finish4(f32x4.add(y, v128.load(bias)), out, mode);
  finish4(f32x4.add(z, v128.load(bias, 16)), out + 16, mode);
}

/** Four outputs y = sums + bias on their way out. */
// @ts-ignore: decorator
@inline
export function finish4(y: v128, out: usize, mode: i32): void {
  v128.store(out, mode == ADD ? f32x4.add(v128.load(out), y) : y);
}

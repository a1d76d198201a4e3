/** What becomes of a product: stored, or added to what is there (the residual). */
export const STORE: i32 = 0;
export const ADD: i32 = 1;

/** Four outputs y = sums + bias on their way out. */
// @ts-ignore: decorator
@inline
export function finish4(y: v128, out: usize, mode: i32): void {
  v128.store(out, mode == ADD ? f32x4.add(v128.load(out), y) : y);
}

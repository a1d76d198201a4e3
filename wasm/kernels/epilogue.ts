import { activate4 } from './activation';

/** What becomes of a product: stored, added to what is there (the residual), or activated and stored. */
export const STORE: i32 = 0;
export const ADD: i32 = 1;
export const ACTIVATE: i32 = 2;

/** Four outputs y = sums + bias on their way out. */
// @ts-ignore: decorator
@inline
export function finish4(y: v128, out: usize, mode: i32, activation: i32): void {
  if (mode == ADD) v128.store(out, f32x4.add(v128.load(out), y));
  else if (mode == ACTIVATE) v128.store(out, activate4(y, activation));
  else v128.store(out, y);
}

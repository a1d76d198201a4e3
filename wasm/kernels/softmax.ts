import { exp4 } from './exp';
import { sum4 } from './layer-norm';

/** scores [at, end) -> e^(score - most) in place, returns their sum; in fours. -Infinity gives 0. */
export function exponentials(at: usize, end: usize, most: f32): f32 {
  const m = f32x4.splat(most);
  let sum = f32x4.splat(0.0);
  for (; at < end; at += 16) {
    const score = v128.load(at);
    // exp4 stops at e^-87, so the places that do not count are cleared by hand.
    const e = v128.and(exp4(f32x4.sub(score, m)), f32x4.gt(score, f32x4.splat(-Infinity)));
    v128.store(at, e);
    sum = f32x4.add(sum, e);
  }
  return sum4(sum);
}

/** The first `count` lanes of v, all four of them from 4 on: what follows at `out` may be someone else's. */
export function storeUpTo4(out: usize, v: v128, count: usize): void {
  if (count >= 4) {
    v128.store(out, v);
    return;
  }
  store<f32>(out, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(out, f32x4.extract_lane(v, 1), 4);
  if (count > 2) store<f32>(out, f32x4.extract_lane(v, 2), 8);
}

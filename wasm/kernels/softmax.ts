import { exp4 } from './exp';
import { sum4 } from './layer-norm';
import { largestLane } from './operand';

/**
 * scores [first, last) -> e^(score - largest) in place, returns their sum. Places up to the next multiples of
 * four on both sides become zero, so that what follows may work in fours. scores is 16-byte aligned.
 */
export function exponentials(scores: usize, first: i32, last: i32): f32 {
  const from = first & ~3;
  const to = (last + 3) & ~3;
  for (let t = from; t < first; t++) store<f32>(scores + (<usize>t << 2), -Infinity);
  for (let t = last; t < to; t++) store<f32>(scores + (<usize>t << 2), -Infinity);
  let m = f32x4.splat(-Infinity);
  for (let t = from; t < to; t += 4) m = f32x4.pmax(m, v128.load(scores + (<usize>t << 2)));
  const most = f32x4.splat(largestLane(m));
  let sum = f32x4.splat(0.0);
  for (let t = from; t < to; t += 4) {
    const at = scores + (<usize>t << 2);
    const score = v128.load(at);
    // exp4 stops at e^-87, so the places that do not count are cleared by hand.
    const e = v128.and(exp4(f32x4.sub(score, most)), f32x4.gt(score, f32x4.splat(-Infinity)));
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

// Rows of any width, four values at a time: behind every buffer stand bytes that may be read, so that only stores and sums look at what
// is left of a row.

const tails = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0]);

/** v, its lanes behind the `left` bytes of a row cleared. */
// @ts-ignore: decorator
@inline
export function keep4(v: v128, left: usize): v128 {
  return left >= 16 ? v : v128.and(v, v128.load(tails + 16 - left));
}

/** v, but `other` in lanes behind the `left` bytes of a row. */
// @ts-ignore: decorator
@inline
export function choose4(v: v128, other: v128, left: usize): v128 {
  return left >= 16 ? v : v128.bitselect(v, other, v128.load(tails + 16 - left));
}

/** Stores as much of v as the `left` bytes of a row have room for. */
// @ts-ignore: decorator
@inline
export function store4(at: usize, v: v128, left: usize): void {
  if (left >= 16) v128.store(at, v);
  else storeTail(at, v, left);
}

function storeTail(at: usize, v: v128, left: usize): void {
  store<f32>(at, f32x4.extract_lane(v, 0));
  if (left > 4) store<f32>(at, f32x4.extract_lane(v, 1), 4);
  if (left > 8) store<f32>(at, f32x4.extract_lane(v, 2), 8);
}

/** What attention and its gradient know; strides are bytes. */
@unmanaged
export class AttendedStep {
  nHead: i32;
  nKvHead: i32;
  headSize: i32;
  window: i32; // 0: none
  scale: f32;
  softCap: f32; // 0: none
  qkv: usize;
  qkvStride: usize;
  logSumExp: usize;
  logSumExpStride: usize;
  sequenceEnd: usize; // (rows) i32: where the row's sequence ends
  out: usize;
  outStride: usize;
}

@unmanaged
export class AttentionGradientStep extends AttendedStep {
  dOut: usize;
  dOutStride: usize;
  dQkv: usize;
  dQkvStride: usize;
}

/** Queries, and keys, that meet at once. A sequence is cut at multiples of it. */
export const BLOCK: i32 = 64;
/** From row to row of their scores; no power of 2, for the sake of the cache. */
export const SCORES_STRIDE: usize = (<usize>BLOCK << 2) + 64;
/** Bytes of the scores of a block of each. */
export const SCORES_BYTES: usize = <usize>BLOCK * SCORES_STRIDE;

/** Which of the heads of keys head `head` uses. */
// @ts-ignore: decorator
@inline
export function sharedHead(s: AttendedStep, head: i32): i32 {
  return (head * s.nKvHead) / s.nHead;
}

/** Vector `at` of queries, keys and values of row `row`. */
// @ts-ignore: decorator
@inline
export function vectorOf(s: AttendedStep, values: usize, stride: usize, row: i32, at: i32): usize {
  return values + <usize>row * stride + (<usize>(at * s.headSize) << 2);
}

/** First key of a sequence from `start` on that a row sees. */
// @ts-ignore: decorator
@inline
export function firstKey(s: AttendedStep, start: i32, row: i32): i32 {
  return s.window ? max(start, row - s.window + 1) : start;
}

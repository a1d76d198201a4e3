// The row as the model gave it: cleaned, its log-softmax, and the most likely tokens.

import { exp4, logarithm, maxLane, sumLanes } from './exponential';
import { BLOCK, paddedSize, rawBuffer, rowBuffer, scoreBuffer, vocabSize } from './memory-layout';

const NEGATIVE_INFINITY: f32 = -Infinity;

/** log Σ exp(raw): what turns a raw logit into a log-probability. */
let logSumExp: f64 = 0;
/** Sum of the weights that `begin` left in rowBuffer: those of the raw row at temperature 1. */
export let rowTotal: f64 = 0;

/** Largest of `paddedSize` numbers at `row`. */
export function rowMaximum(row: usize): f32 {
  let top = f32x4.splat(NEGATIVE_INFINITY);
  const end = row + (<usize>paddedSize << 2);
  for (let at = row; at < end; at += 16) top = f32x4.pmax(top, v128.load(at));
  return maxLane(top);
}

/** rowBuffer = exp((row - top) * scale); gives the sum. */
export function exponentials(row: usize, top: f32, scale: f32): f64 {
  const tops = f32x4.splat(top);
  const scales = f32x4.splat(scale);
  let sum: f64 = 0;
  const bytes = <usize>paddedSize << 2;
  for (let at: usize = 0; at < bytes; at += BLOCK << 2) {
    let blockSum = f32x4.splat(0);
    for (let inner: usize = at; inner < at + (BLOCK << 2); inner += 16) {
      const e = exp4(f32x4.mul(f32x4.sub(v128.load(row + inner), tops), scales));
      v128.store(rowBuffer + inner, e);
      blockSum = f32x4.add(blockSum, e);
    }
    sum += sumLanes(blockSum);
  }
  return sum;
}

/**
 * Cleans the row that the caller wrote to rawBuffer and copies it to scoreBuffer. NaN becomes -Infinity;
 * where there is +Infinity, those tokens share everything: they become 0 and the rest -Infinity.
 * Gives false where no token has a finite logit.
 */
export function begin(): bool {
  for (let i = vocabSize; i < paddedSize; i++) store<f32>(rawBuffer + (<usize>i << 2), NEGATIVE_INFINITY);
  const nothing = f32x4.splat(NEGATIVE_INFINITY);
  const bytes = <usize>paddedSize << 2;
  let tops = nothing;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(rawBuffer + at);
    const clean = v128.bitselect(x, nothing, f32x4.eq(x, x));
    v128.store(rawBuffer + at, clean);
    v128.store(scoreBuffer + at, clean);
    tops = f32x4.pmax(tops, clean);
  }
  let top = maxLane(tops);
  if (top == NEGATIVE_INFINITY) return false;
  if (top == Infinity) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const isTop = f32x4.eq(v128.load(rawBuffer + at), f32x4.splat(Infinity));
      const shared = v128.bitselect(f32x4.splat(0), nothing, isTop);
      v128.store(rawBuffer + at, shared);
      v128.store(scoreBuffer + at, shared);
    }
    top = 0;
  }
  rowTotal = exponentials(rawBuffer, top, 1);
  logSumExp = <f64>top + logarithm(rowTotal);
  return true;
}

/** Whether the scores are still the raw row. */
export function isUntouched(): bool {
  for (let at: usize = 0; at < <usize>paddedSize << 2; at += 16) {
    if (!i32x4.all_true(f32x4.eq(v128.load(scoreBuffer + at), v128.load(rawBuffer + at)))) return false;
  }
  return true;
}

/** Natural log-probability of a token under the model's own distribution. */
export function logprob(tokenId: i32): f64 {
  return <f64>load<f32>(rawBuffer + (<usize>tokenId << 2)) - logSumExp;
}

/** scoreBuffer = log-softmax of the row: what beam search adds up. */
export function logSoftmax(): void {
  for (let i = 0; i < vocabSize; i++) store<f32>(scoreBuffer + (<usize>i << 2), <f32>logprob(i));
}

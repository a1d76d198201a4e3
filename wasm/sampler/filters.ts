// Temperature and the filters, in the hub's order: top-k, top-p, min-p, typical. What is left stands in the
// candidate buffers, by ascending id; with no filter on, the whole row is the candidate list.

import { exp4, maxLane } from './exponential';
import { exponentials, isUntouched, rowMaximum, rowTotal } from './logits';
import {
  auxiliary,
  BLOCK,
  blockMaxima,
  candidateIds,
  candidateScores,
  candidateWeights,
  paddedSize,
  rowBuffer,
  scoreBuffer,
} from './memory-layout';
import { keepNucleus } from './nucleus';
import { findThreshold, threshold, tiesFound, tiesNeeded } from './threshold';

/** Candidates left, or -1 for the whole row. */
export let candidateCount: i32 = 0;
/** Sum of their weights. */
export let candidateTotal: f64 = 0;

/** Lists the entries of `row` that are at least `least`, ids and values, in order. */
function compactRow(row: usize, least: f32, values: usize): i32 {
  const leasts = f32x4.splat(least);
  let count: usize = 0;
  for (let i = 0; i < paddedSize; i += 4) {
    const x = v128.load(row + (<usize>i << 2));
    let hits = i32x4.bitmask(f32x4.ge(x, leasts));
    while (hits) {
      const id = i + ctz(hits);
      store<i32>(candidateIds + (count << 2), id);
      store<f32>(values + (count << 2), load<f32>(row + (<usize>id << 2)));
      count++;
      hits &= hits - 1;
    }
  }
  return <i32>count;
}

/** Keeps the candidates whose key is at least `least`, but skips the first `skip` of those that equal it. */
function keepAbove(keys: usize, least: f32, skip: i32): void {
  let left: usize = 0;
  let total: f64 = 0;
  for (let at: usize = 0; at < <usize>candidateCount << 2; at += 4) {
    const key = load<f32>(keys + at);
    if (key < least || (key == least && skip-- > 0)) continue;
    const weight = load<f32>(candidateWeights + at);
    store<i32>(candidateIds + left, load<i32>(candidateIds + at));
    store<f32>(candidateScores + left, load<f32>(candidateScores + at));
    store<f32>(candidateWeights + left, weight);
    total += <f64>weight;
    left += 4;
  }
  candidateCount = <i32>(left >> 2);
  candidateTotal = total;
}

/** candidateScores = (score - top) * scale and the weights from them. */
function scaleCandidates(top: f32, scale: f32): void {
  let total: f64 = 0;
  for (let at: usize = 0; at < <usize>candidateCount << 2; at += 16) {
    const difference = f32x4.sub(v128.load(candidateScores + at), f32x4.splat(top));
    // Finite whatever the temperature is, as the threshold selection wants it.
    const x = f32x4.max(f32x4.mul(difference, f32x4.splat(scale)), f32x4.splat(-f32.MAX_VALUE));
    v128.store(candidateScores + at, x);
    v128.store(candidateWeights + at, exp4(x));
  }
  for (let at: usize = 0; at < <usize>candidateCount << 2; at += 4) total += <f64>load<f32>(candidateWeights + at);
  candidateTotal = total;
}

function fillOnes(count: i32): void {
  for (let at: usize = 0; at < <usize>count << 2; at += 16) v128.store(auxiliary + at, f32x4.splat(1));
}

/** Top-k over the row; tokens that tie with the k-th stay, as in the hub's code. */
function takeTopK(topK: i32): void {
  let least: f32 = -f32.MAX_VALUE;
  const blocks = paddedSize / BLOCK;
  fillOnes(paddedSize);
  if (topK < blocks / 2) {
    // k blocks have a maximum of at least the k-th largest maximum: so the k-th largest entry is no less.
    let finite = 0;
    for (let block = 0; block < blocks; block++) {
      const start = scoreBuffer + (<usize>(block * BLOCK) << 2);
      let tops = v128.load(start);
      for (let at: usize = 16; at < <usize>BLOCK << 2; at += 16) tops = f32x4.pmax(tops, v128.load(start + at));
      const top = maxLane(tops);
      if (top < least) continue;
      store<f32>(blockMaxima + (<usize>finite << 2), top);
      finite++;
    }
    if (finite >= topK) {
      findThreshold(blockMaxima, auxiliary, finite, <f64>topK, 0);
      least = threshold;
    }
  }
  candidateCount = compactRow(scoreBuffer, least, candidateScores);
  if (candidateCount <= topK) return;
  findThreshold(candidateScores, auxiliary, candidateCount, <f64>topK, 0);
  keepAbove(candidateScores, threshold, 0);
}

/** Keeps the tokens nearest the mean of the scores (the entropy), up to a share of the mass; ties stay. */
function keepTypical(share: f64): void {
  let mean: f64 = 0;
  const bytes = <usize>candidateCount << 2;
  for (let at: usize = 0; at < bytes; at += 4) {
    const weight = <f64>load<f32>(candidateWeights + at);
    if (weight > 0) mean += weight * <f64>load<f32>(candidateScores + at);
  }
  mean /= candidateTotal;
  for (let at: usize = 0; at < bytes; at += 4) {
    store<f32>(auxiliary + at, -(<f32>abs(<f64>load<f32>(candidateScores + at) - mean)));
  }
  findThreshold(auxiliary, candidateWeights, candidateCount, share * candidateTotal, 0);
  keepAbove(auxiliary, threshold, 0);
}

/**
 * Forms the distribution from scoreBuffer. topK 0, topP 1, minP 0 and typicalP 1 are off; temperature > 0.
 * Gives false where no token is left.
 */
export function filter(temperature: f64, topK: i32, topP: f64, minP: f64, typicalP: f64): bool {
  const top = rowMaximum(scoreBuffer);
  if (top == -Infinity) return false;
  const scale = <f32>min<f64>(1 / temperature, 1e30);
  if (topK > 0 && topK < paddedSize) {
    takeTopK(topK);
    scaleCandidates(top, scale);
  } else {
    // At temperature 1 without edits, what the log-probabilities were made from is the distribution already.
    if (!(scale == 1 && isUntouched())) candidateTotal = exponentials(scoreBuffer, top, scale);
    else candidateTotal = rowTotal;
    candidateCount = -1;
    if (topP < 1) candidateTotal = keepNucleus(top, scale, topP, candidateTotal);
    if (minP == 0 && typicalP == 1) return true;
    candidateCount = compactRow(rowBuffer, <f32>max<f64>(minP * 0.999, 1e-38), candidateWeights);
    for (let at: usize = 0; at < <usize>candidateCount << 2; at += 4) {
      const score = load<f32>(scoreBuffer + (<usize>load<i32>(candidateIds + at) << 2));
      store<f32>(candidateScores + at, (score - top) * scale);
    }
    topP = 1;
  }
  if (topP < 1) {
    // A hair below, so that ten equal tokens and 0.9 leave nine, whatever the rounding of 0.9.
    findThreshold(candidateScores, candidateWeights, candidateCount, topP * candidateTotal * (1 - 1e-9), 0);
    // Of equal tokens at the border the higher ids stay: the hub sorts ascending, and stably.
    keepAbove(candidateScores, threshold, tiesFound - tiesNeeded);
  }
  // The most likely token weighs 1, so a weight is already the share of it.
  if (minP > 0) keepAbove(candidateWeights, <f32>minP, 0);
  if (typicalP < 1) keepTypical(typicalP);
  return true;
}

// Top-p over a whole row, without listing candidates: a histogram of the scaled scores finds the bin in which the
// nucleus ends, the entries of that bin decide, and what lies below weighs 0 from then on.

import { sumLanes } from './exponential';
import { activeKeys, activeWeights, paddedSize, rowBuffer, scoreBuffer } from './memory-layout';
import { findThreshold, threshold, tiesFound, tiesNeeded } from './threshold';

/** Bins of 1/16 below the best score; the last one takes the rest, e^-32 and less of its weight. */
const BINS: i32 = 512;
const BINS_A_UNIT: f32 = 16;
const binMass: usize = memory.data(512 * 8);

// @ts-ignore: decorator
@inline
function scaled(offset: usize, top: f32, scale: f32): v128 {
  return f32x4.mul(f32x4.sub(v128.load(scoreBuffer + offset), f32x4.splat(top)), f32x4.splat(scale));
}

// @ts-ignore: decorator
@inline
function binsOf(score: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.pmin(f32x4.splat(<f32>BINS - 1), f32x4.mul(score, f32x4.splat(-BINS_A_UNIT))));
}

// @ts-ignore: decorator
@inline
function add(bin: i32, weight: f32): void {
  const at = binMass + (<usize>bin << 3);
  store<f64>(at, load<f64>(at) + <f64>weight);
}

/**
 * Of the row whose weights stand in rowBuffer and sum to `total`, keeps the likeliest tokens that reach `share` of it;
 * gives the sum of their weights.
 */
export function keepNucleus(top: f32, scale: f32, share: f64, total: f64): f64 {
  const bytes = <usize>paddedSize << 2;
  // A hair below, so that ten equal tokens and 0.9 leave nine, whatever the rounding of 0.9.
  const target = share * total * (1 - 1e-9);
  memory.fill(binMass, 0, BINS * 8);
  for (let at: usize = 0; at < bytes; at += 16) {
    const weights = v128.load(rowBuffer + at);
    if (!v128.any_true(weights)) continue;
    const bins = binsOf(scaled(at, top, scale));
    add(i32x4.extract_lane(bins, 0), f32x4.extract_lane(weights, 0));
    add(i32x4.extract_lane(bins, 1), f32x4.extract_lane(weights, 1));
    add(i32x4.extract_lane(bins, 2), f32x4.extract_lane(weights, 2));
    add(i32x4.extract_lane(bins, 3), f32x4.extract_lane(weights, 3));
  }
  let above: f64 = 0;
  let bin = 0;
  while (above + load<f64>(binMass + (<usize>bin << 3)) < target) {
    above += load<f64>(binMass + (<usize>bin << 3));
    // Rounding alone can keep the sum below the target: then everything stays.
    if (++bin == BINS) return total;
  }
  let count: usize = 0;
  const wanted = i32x4.splat(bin);
  for (let at: usize = 0; at < bytes; at += 16) {
    const scores = scaled(at, top, scale);
    let hits = i32x4.bitmask(i32x4.eq(binsOf(scores), wanted));
    while (hits) {
      const entry = at + (<usize>ctz(hits) << 2);
      const weight = load<f32>(rowBuffer + entry);
      if (weight > 0) {
        store<f32>(activeKeys + count, (load<f32>(scoreBuffer + entry) - top) * scale);
        store<f32>(activeWeights + count, weight);
        count += 4;
      }
      hits &= hits - 1;
    }
  }
  findThreshold(activeKeys, activeWeights, <i32>(count >> 2), target, above);
  // Of equal tokens at the border the higher ids stay: the hub sorts ascending, and stably.
  let skip = tiesFound - tiesNeeded;
  for (let at: usize = 0; skip > 0; at += 4) {
    if ((load<f32>(scoreBuffer + at) - top) * scale != threshold) continue;
    store<f32>(rowBuffer + at, 0);
    skip--;
  }
  const least = f32x4.splat(threshold);
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 16) {
    const kept = v128.and(v128.load(rowBuffer + at), f32x4.ge(scaled(at, top, scale), least));
    v128.store(rowBuffer + at, kept);
    sum += sumLanes(kept);
  }
  return sum;
}

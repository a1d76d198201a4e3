// Threshold selection: where a descending walk over weighted keys reaches a target. Top-k (weights of 1),
// top-p and typical-p (weights exp(score)) are all this one question. No sort: a histogram narrows the
// keys to one bin, again and again, until few are left. Work is linear, also for rows of equal keys.

import { activeKeys, activeWeights } from './memory-layout';
import { maxLane } from './exponential';

const BINS: i32 = 512;
const SMALL: i32 = 48;
const binMass: usize = memory.data(512 * 8);

/** The key at which the walk stops: everything above it is kept. */
export let threshold: f32 = 0;
/** How many keys equal the threshold, and how many of those the walk needs. */
export let tiesFound: i32 = 0;
export let tiesNeeded: i32 = 0;

function settle(key: f32, count: i32, weight: f32, missing: f64): void {
  threshold = key;
  tiesFound = count;
  const needed = ceil(missing / <f64>weight);
  tiesNeeded = needed >= <f64>count ? count : needed > 1 ? <i32>needed : 1;
}

/** Insertion sort of the active keys, descending, then the walk itself. */
function walkSorted(n: i32, already: f64, target: f64): void {
  for (let i = 1; i < n; i++) {
    const key = load<f32>(activeKeys + (<usize>i << 2));
    const weight = load<f32>(activeWeights + (<usize>i << 2));
    let j = i - 1;
    for (; j >= 0 && load<f32>(activeKeys + (<usize>j << 2)) < key; j--) {
      store<f32>(activeKeys + (<usize>j << 2), load<f32>(activeKeys + (<usize>j << 2)), 4);
      store<f32>(activeWeights + (<usize>j << 2), load<f32>(activeWeights + (<usize>j << 2)), 4);
    }
    store<f32>(activeKeys + (<usize>(j + 1) << 2), key);
    store<f32>(activeWeights + (<usize>(j + 1) << 2), weight);
  }
  let above = already;
  for (let i = 0; i < n; ) {
    const key = load<f32>(activeKeys + (<usize>i << 2));
    let mass: f64 = 0;
    let end = i;
    for (; end < n && load<f32>(activeKeys + (<usize>end << 2)) == key; end++) mass += <f64>load<f32>(activeWeights + (<usize>end << 2));
    if (above + mass >= target || end == n) {
      settle(key, end - i, load<f32>(activeWeights + (<usize>i << 2)), target - above);
      return;
    }
    above += mass;
    i = end;
  }
}

// @ts-ignore: decorator
@inline
function binOf(key: f32, top: f64, scale: f64): i32 {
  return min(<i32>((top - <f64>key) * scale), BINS - 1);
}

/**
 * Finds the threshold among `n` >= 1 finite keys with their weights: walking down from the largest key, the
 * last one met while the mass before it, begun at `above`, is below `target`. The answer is in the exported variables.
 */
export function findThreshold(keys: usize, weights: usize, n: i32, target: f64, above: f64): void {
  while (n > SMALL) {
    const bytes = <usize>(n & ~3) << 2;
    let tops = v128.load(keys);
    let lows = f32x4.neg(tops);
    for (let at: usize = 16; at < bytes; at += 16) {
      const key = v128.load(keys + at);
      tops = f32x4.pmax(tops, key);
      lows = f32x4.pmax(lows, f32x4.neg(key));
    }
    let top = maxLane(tops);
    let low = -maxLane(lows);
    for (let i = n & ~3; i < n; i++) {
      const key = load<f32>(keys + (<usize>i << 2));
      top = max(top, key);
      low = min(low, key);
    }
    if (top == low) {
      settle(top, n, load<f32>(weights), target - above);
      return;
    }
    // In f64 the range of two f32 numbers neither overflows nor vanishes.
    const scale: f64 = <f64>BINS / (<f64>top - <f64>low);
    memory.fill(binMass, 0, BINS * 8);
    for (let at: usize = 0; at < <usize>n << 2; at += 4) {
      const bin = binMass + (<usize>binOf(load<f32>(keys + at), <f64>top, scale) << 3);
      store<f64>(bin, load<f64>(bin) + <f64>load<f32>(weights + at));
    }
    // The lowest key is in the last bin, so the last bin is a safe place to stop when rounding keeps the
    // sum below the target.
    let bin = 0;
    while (bin < BINS - 1 && above + load<f64>(binMass + (<usize>bin << 3)) < target) {
      above += load<f64>(binMass + (<usize>bin << 3));
      bin++;
    }
    let left = 0;
    for (let at: usize = 0; at < <usize>n << 2; at += 4) {
      const key = load<f32>(keys + at);
      if (binOf(key, <f64>top, scale) != bin) continue;
      const weight = load<f32>(weights + at);
      store<f32>(activeKeys + (<usize>left << 2), key);
      store<f32>(activeWeights + (<usize>left << 2), weight);
      left++;
    }
    keys = activeKeys;
    weights = activeWeights;
    n = left;
  }
  if (keys != activeKeys) {
    memory.copy(activeKeys, keys, <usize>n << 2);
    memory.copy(activeWeights, weights, <usize>n << 2);
  }
  walkSorted(n, above, target);
}

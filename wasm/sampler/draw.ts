// The choice itself: greedy, or one uniform draw over what the filters left.

import { candidateCount, candidateTotal } from './filters';
import { sumLanes } from './exponential';
import { rowMaximum } from './logits';
import { candidateIds, candidateWeights, rowBuffer, scoreBuffer, vocabSize } from './memory-layout';

/** State of the generator of the call in progress; the host keeps each sampler's own. */
let state: u64 = 0;

/** The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
function mix(value: u64): u64 {
  let z = value;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** Starts the stream of a seed, given as the two halves of a 64-bit integer. */
export function seedState(low: u32, high: u32): void {
  state = mix((<u64>high << 32) | <u64>low);
}

export function setState(low: u32, high: u32): void {
  state = (<u64>high << 32) | <u64>low;
}

export function stateLow(): u32 {
  return <u32>state;
}

export function stateHigh(): u32 {
  return <u32>(state >> 32);
}

/** Uniform in [0, 1), 53 bits: one step of SplitMix64. */
export function uniform(): f64 {
  state += 0x9e3779b97f4a7c15;
  return <f64>(mix(state) >> 11) * (1.0 / 9007199254740992.0);
}

/** Most likely id, the lowest of equals; -1 where nothing is left. */
export function greedy(): i32 {
  const top = rowMaximum(scoreBuffer);
  if (top == -Infinity) return -1;
  const tops = f32x4.splat(top);
  let id = 0;
  while (true) {
    const hits = i32x4.bitmask(f32x4.eq(v128.load(scoreBuffer + (<usize>id << 2)), tops));
    if (hits) return id + ctz(hits);
    id += 4;
  }
}

/** Draws one id from the candidates, which are walked in the order of their ids. */
export function draw(): i32 {
  const whole = candidateCount < 0;
  const weights = whole ? rowBuffer : candidateWeights;
  const count = whole ? vocabSize : candidateCount;
  const target = uniform() * candidateTotal;
  let sum: f64 = 0;
  let last = 0;
  let i = 0;
  // Four at a time up to those in which the sum passes the target.
  for (; i + 4 <= count; i += 4) {
    const four = v128.load(weights + (<usize>i << 2));
    if (!v128.any_true(four)) continue;
    const after = sum + sumLanes(four);
    if (after > target) break;
    last = i + 3 - (clz(i32x4.bitmask(f32x4.gt(four, f32x4.splat(0)))) - 28);
    sum = after;
  }
  for (; i < count; i++) {
    const weight = <f64>load<f32>(weights + (<usize>i << 2));
    if (weight == 0) continue;
    // Rounding may leave the sum a hair under the target: then the last token with a weight it is.
    last = i;
    sum += weight;
    if (sum > target) break;
  }
  return whole ? last : load<i32>(candidateIds + (<usize>last << 2));
}

/** Writes the distribution that `draw` uses to rowBuffer. */
export function writeDistribution(): void {
  const bytes = <usize>vocabSize << 2;
  if (candidateCount < 0) {
    for (let at: usize = 0; at < bytes; at += 4) {
      store<f32>(rowBuffer + at, <f32>(<f64>load<f32>(rowBuffer + at) / candidateTotal));
    }
    return;
  }
  memory.fill(rowBuffer, 0, bytes);
  for (let at: usize = 0; at < <usize>candidateCount << 2; at += 4) {
    const probability = <f64>load<f32>(candidateWeights + at) / candidateTotal;
    store<f32>(rowBuffer + (<usize>load<i32>(candidateIds + at) << 2), <f32>probability);
  }
}

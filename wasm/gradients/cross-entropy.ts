import { exp4 } from '../kernels/exp';
import { sum4 } from '../kernels/layer-norm';
import { logarithm } from './logarithm';
import { Machine, partOf } from './machine';
import { choose4, keep4, store4 } from './vector';

@unmanaged
export class CrossEntropyStep {
  width: i32;
  scale: f32;
  softCap: f32;
  smoothing: f32;
  targets: usize;
  weights: usize;
  losses: usize;
  logits: usize;
  logitsStride: usize;
}

/** Logits become their gradient, row by row; rows are divided among threads. */
export function crossEntropy(s: CrossEntropyStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const at = <usize>n << 2;
    const logits = s.logits + <usize>n * s.logitsStride;
    const target = load<i32>(s.targets + at);
    if (target < 0) {
      memory.fill(logits, 0, <usize>s.width << 2);
      store<f32>(s.losses + at, 0);
    } else store<f32>(s.losses + at, lossOf(s, logits, target, load<f32>(s.weights + at)));
  }
}

/** Bytes of logits whose sums are made in single precision; those of the row are added up in double. */
const BLOCK: usize = 4096;

function lossOf(s: CrossEntropyStep, logits: usize, target: i32, weight: f32): f32 {
  const bytes = <usize>s.width << 2;
  const wanted = logits + (<usize>target << 2);
  const most = scaleAndCap(s, logits, bytes);
  const most4 = f32x4.splat(most);
  const atTarget: f64 = load<f32>(wanted);
  // Exponentials take the logits' place, unless those are wanted again for the cap's slope.
  let sum: f64 = 0, all: f64 = 0;
  for (let block: usize = 0; block < bytes; block += BLOCK) {
    const end = min(bytes, block + BLOCK);
    let exponentials = f32x4.splat(0.0), values = exponentials;
    for (let at = block; at < end; at += 16) {
      const v = v128.load(logits + at);
      const e = keep4(exp4(f32x4.sub(v, most4)), bytes - at);
      exponentials = f32x4.add(exponentials, e);
      values = f32x4.add(values, keep4(v, bytes - at));
      if (s.softCap == 0) store4(logits + at, e, bytes - at);
    }
    sum += sum4(exponentials);
    all += sum4(values);
  }
  const share = s.smoothing / <f32>s.width;
  const rest: f32 = <f32>1.0 - s.smoothing;
  const loss = <f64>most + logarithm(sum) - <f64>rest * atTarget - <f64>share * all;

  const factor = weight * s.scale;
  const factor4 = f32x4.splat(factor), share4 = f32x4.splat(share);
  const perSum = f32x4.splat(<f32>(1.0 / sum)), perCap = f32x4.splat(<f32>1.0 / s.softCap), one = f32x4.splat(1.0);
  let capSlope: f32 = 1;
  if (s.softCap != 0) {
    const ratio = <f32>atTarget / s.softCap;
    capSlope -= ratio * ratio;
  }
  for (let at: usize = 0; at < bytes; at += 16) {
    let v = v128.load(logits + at), slope = factor4;
    if (s.softCap != 0) {
      const ratio = f32x4.mul(v, perCap);
      slope = f32x4.mul(slope, f32x4.sub(one, f32x4.mul(ratio, ratio)));
      v = exp4(f32x4.sub(v, most4));
    }
    store4(logits + at, f32x4.mul(slope, f32x4.sub(f32x4.mul(v, perSum), share4)), bytes - at);
  }
  store<f32>(wanted, load<f32>(wanted) - factor * capSlope * rest);
  return <f32>(<f64>weight * loss);
}

/** Logits become softCap(logit · scale); returns the largest of them. */
function scaleAndCap(s: CrossEntropyStep, logits: usize, bytes: usize): f32 {
  const scale = f32x4.splat(s.scale);
  let most = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < bytes; at += 16) {
    let v = f32x4.mul(v128.load(logits + at), scale);
    if (s.softCap != 0) v = cap4(v, s.softCap);
    store4(logits + at, v, bytes - at);
    most = f32x4.pmax(most, choose4(v, most, bytes - at));
  }
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/** cap · tanh(x / cap), and tanh x = 2 / (1 + e^-2x) - 1. */
function cap4(x: v128, cap: f32): v128 {
  const e = exp4(f32x4.mul(x, f32x4.splat(<f32>-2.0 / cap)));
  return f32x4.sub(f32x4.div(f32x4.splat(<f32>2.0 * cap), f32x4.add(f32x4.splat(1.0), e)), f32x4.splat(cap));
}

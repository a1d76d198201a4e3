import { exponential, logarithm } from './logarithm';
import { Machine, partOf } from './machine';

const ONE_LABEL: i32 = 0;
const LABELS: i32 = 1;
const ANSWER: i32 = 3;

@unmanaged
export class LabelLossStep {
  width: i32;
  kind: i32; // 0: one label, 1: labels, 2: value, 3: answer
  targets: usize; // (H, K)
  weights: usize; // (H)
  groups: usize; // (H, 2) i32: first output of the example, and how many it has
  losses: usize;
  logits: usize;
  logitsStride: usize;
  dLogits: usize;
  dLogitsStride: usize;
}

/** Loss and gradient of each output; they are divided among threads. */
export function labelLoss(s: LabelLossStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  for (let h = partOf(rows, m.thread, m.threads); h < end; h++) {
    const at = <usize>h << 2;
    const logits = s.logits + <usize>h * s.logitsStride;
    const dLogits = s.dLogits + <usize>h * s.dLogitsStride;
    const targets = s.targets + at * s.width;
    const weight = load<f32>(s.weights + at);
    let loss: f64;
    if (s.kind == ANSWER) loss = answerLoss(s, h, logits, dLogits);
    else if (s.kind == ONE_LABEL) loss = oneLabelLoss(s.width, logits, targets, weight, dLogits);
    else loss = separateLoss(s.kind, s.width, logits, targets, weight, dLogits);
    store<f32>(s.losses + at, <f32>loss);
  }
}

// @ts-ignore: decorator
@inline
function valueAt(values: usize, k: i32): f32 {
  return load<f32>(values + (<usize>k << 2));
}

/** log Σ e^z over `count` values, each `stride` bytes behind the one before. */
function logSumExp(z: usize, count: i32, stride: usize): f64 {
  let most: f32 = -Infinity;
  for (let k = 0; k < count; k++) most = max(most, load<f32>(z + <usize>k * stride));
  let sum: f64 = 0;
  for (let k = 0; k < count; k++) sum += exponential(load<f32>(z + <usize>k * stride) - most);
  return <f64>most + logarithm(sum);
}

/** -Σ t log softmax(z) */
function oneLabelLoss(K: i32, z: usize, targets: usize, weight: f32, dZ: usize): f64 {
  const logSum = logSumExp(z, K, 4);
  let loss: f64 = 0, all: f32 = 0;
  for (let k = 0; k < K; k++) {
    all += valueAt(targets, k);
    loss += <f64>valueAt(targets, k) * (logSum - valueAt(z, k));
  }
  for (let k = 0; k < K; k++) {
    const p = exponential(<f32>(<f64>valueAt(z, k) - logSum));
    store<f32>(dZ + (<usize>k << 2), weight * (p * all - valueAt(targets, k)));
  }
  return loss * weight;
}

/** Binary cross entropies, or half squares, divided by K. */
function separateLoss(kind: i32, K: i32, logits: usize, targets: usize, weight: f32, dZ: usize): f64 {
  let loss: f64 = 0;
  const share: f32 = weight / <f32>K;
  for (let k = 0; k < K; k++) {
    const z = valueAt(logits, k), t = valueAt(targets, k);
    let d = z - t;
    if (kind == LABELS) {
      // -t log σ(z) - (1 - t) log(1 - σ(z)), in the form that cannot overflow.
      const e = exponential(-abs(z));
      loss += <f64>(max(z, 0) - z * t) + logarithm(1.0 + <f64>e);
      d = (z < 0 ? e : 1) / (<f32>1.0 + e) - t;
    } else loss += 0.5 * <f64>d * d;
    store<f32>(dZ + (<usize>k << 2), share * d);
  }
  return loss * share;
}

/** Loss of one answer among those of its example, and the gradient of the example's loss at its logit. */
function answerLoss(s: LabelLossStep, h: i32, logits: usize, dLogits: usize): f64 {
  const first = load<i32>(s.groups + (<usize>h << 3));
  const count = load<i32>(s.groups + (<usize>h << 3), 4);
  const logSum = logSumExp(s.logits + <usize>first * s.logitsStride, count, s.logitsStride);
  let all: f32 = 0;
  for (let j = first; j < first + count; j++) all += valueAt(s.targets, j) * valueAt(s.weights, j);
  const wanted = valueAt(s.targets, h) * valueAt(s.weights, h);
  const over = logSum - load<f32>(logits);
  store<f32>(dLogits, all * exponential(<f32>-over) - wanted);
  return <f64>wanted * over;
}

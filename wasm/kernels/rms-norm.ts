import { sum4 } from './layer-norm';

/**
 * out = x / √(mean of squares + epsilon) · weight over n values (Zhang and Sennrich, 2019). x (n), weight (n), out (n), which
 * may be x.
 */
export function rmsNorm(x: usize, weight: usize, out: usize, n: i32, epsilon: f32): void {
  const whole = n & ~3;
  let sums = f32x4.splat(0.0), more = sums;
  for (let i = 0; i < whole; i += 8) {
    const d = v128.load(x + (<usize>i << 2));
    sums = f32x4.add(sums, f32x4.mul(d, d));
    if (i + 4 == whole) break;
    const e = v128.load(x + (<usize>i << 2), 16);
    more = f32x4.add(more, f32x4.mul(e, e));
  }
  let squares = sum4(f32x4.add(sums, more));
  for (let i = whole; i < n; i++) {
    const d = load<f32>(x + (<usize>i << 2));
    squares += d * d;
  }
  const factor: f32 = <f32>1.0 / sqrt<f32>(squares / <f32>n + epsilon);
  const factor4 = f32x4.splat(factor);
  for (let i = 0; i < whole; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, f32x4.mul(f32x4.mul(v128.load(x + at), factor4), v128.load(weight + at)));
  }
  for (let i = whole; i < n; i++) {
    const at = <usize>i << 2;
    store<f32>(out + at, load<f32>(x + at) * factor * load<f32>(weight + at));
  }
}

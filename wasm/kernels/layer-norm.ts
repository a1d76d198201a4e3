/** The four lanes added up. */
// @ts-ignore: decorator
@inline
export function sum4(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/**
 * out = (x - mean) / √(variance + epsilon) · weight + bias over C channels (Ba, Kiros and Hinton, 2016).
 * x (C), weight (C), bias (C), out (C); out may be x. Variance in a second pass, which keeps its digits.
 */
export function layerNorm(x: usize, weight: usize, bias: usize, out: usize, C: i32, epsilon: f32): void {
  const whole = C & ~3;
  const pairs = C & ~7;
  // Two sums, since an addition waits for the one before.
  let sums = f32x4.splat(0.0), more = sums;
  for (let c = 0; c < pairs; c += 8) {
    sums = f32x4.add(sums, v128.load(x + (<usize>c << 2)));
    more = f32x4.add(more, v128.load(x + (<usize>c << 2), 16));
  }
  if (pairs < whole) sums = f32x4.add(sums, v128.load(x + (<usize>pairs << 2)));
  let sum = sum4(f32x4.add(sums, more));
  for (let c = whole; c < C; c++) sum += load<f32>(x + (<usize>c << 2));
  const mean = sum / <f32>C;
  const mean4 = f32x4.splat(mean);
  sums = f32x4.splat(0.0);
  more = sums;
  for (let c = 0; c < whole; c += 8) {
    const d = f32x4.sub(v128.load(x + (<usize>c << 2)), mean4);
    sums = f32x4.add(sums, f32x4.mul(d, d));
    if (c + 4 == whole) break;
    const e = f32x4.sub(v128.load(x + (<usize>c << 2), 16), mean4);
    more = f32x4.add(more, f32x4.mul(e, e));
  }
  let squares = sum4(f32x4.add(sums, more));
  for (let c = whole; c < C; c++) {
    const d = load<f32>(x + (<usize>c << 2)) - mean;
    squares += d * d;
  }
  const factor: f32 = <f32>1.0 / sqrt<f32>(squares / <f32>C + epsilon);
  const factor4 = f32x4.splat(factor);
  for (let c = 0; c < whole; c += 4) {
    const at = <usize>c << 2;
    const n = f32x4.mul(f32x4.sub(v128.load(x + at), mean4), factor4);
    v128.store(out + at, f32x4.add(f32x4.mul(n, v128.load(weight + at)), v128.load(bias + at)));
  }
  for (let c = whole; c < C; c++) {
    const at = <usize>c << 2;
    store<f32>(out + at, (load<f32>(x + at) - mean) * factor * load<f32>(weight + at) + load<f32>(bias + at));
  }
}

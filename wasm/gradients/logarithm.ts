import { exp4 } from '../kernels/exp';

/** Natural logarithm of a normal number above 0: x = 2^e m with m in [√½, √2), ln m = 2 artanh((m - 1) / (m + 1)), whose series is exact to 1e-15. */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<u64>(x) - 0x3fe6a09e667f3bcd;
  const e = <i64>bits >> 52;
  const m = reinterpret<f64>(reinterpret<u64>(x) - (<u64>e << 52));
  const t = (m - 1) / (m + 1);
  let sum: f64 = 0;
  for (let n = 19; n > 0; n -= 2) sum = sum * t * t + 1.0 / <f64>n;
  return <f64>e * 0.6931471805599453 + 2 * t * sum;
}

/** e^x of one number, as `exp4` has it. */
export function exponential(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

import { ACTIVATION_GELU, ACTIVATION_GELU_NEW, ACTIVATION_RELU, ACTIVATION_SILU } from './constants';
import { exp4 } from './exp';

/** x / (1 + e^u) */
// @ts-ignore: decorator
@inline
function gate4(x: v128, u: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1.0), exp4(u)));
}

/** x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, and (1 + tanh u) / 2 = 1 / (1 + e^-2u). Hendrycks and Gimpel, 2016. */
// @ts-ignore: decorator
@inline
function geluTanh4(x: v128): v128 {
  const u = f32x4.mul(f32x4.mul(x, x), f32x4.splat(<f32>(-1.5957691216057308 * 0.044715)));
  return gate4(x, f32x4.mul(x, f32x4.add(u, f32x4.splat(-1.5957691216057308))));
}

/** x (1 + erf(x / √2)) / 2, with erf by Abramowitz and Stegun 7.1.26 (absolute error below 1.5e-7). */
function geluErf4(x: v128): v128 {
  const one = f32x4.splat(1.0);
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.7071067811865476));
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(z, f32x4.splat(0.3275911))));
  let p = f32x4.splat(1.061405429);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  // 1 - erf(|z|); the sign of x decides which side is added.
  const tail = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(z, z))));
  const half = f32x4.mul(tail, f32x4.splat(0.5));
  const cdf = v128.bitselect(half, f32x4.sub(one, half), f32x4.lt(x, f32x4.splat(0.0)));
  return f32x4.mul(x, cdf);
}

/** The feed-forward activation in four lanes; all five map 0 to 0, so padding stays zero. */
// @ts-ignore: decorator
@inline
function activate4(x: v128, kind: i32): v128 {
  if (kind == ACTIVATION_GELU_NEW) return geluTanh4(x);
  if (kind == ACTIVATION_GELU) return geluErf4(x);
  if (kind == ACTIVATION_RELU) return f32x4.pmax(x, f32x4.splat(0.0));
  if (kind == ACTIVATION_SILU) return gate4(x, f32x4.neg(x));
  // tanh x = 2 / (1 + e^-2x) - 1
  return f32x4.sub(gate4(f32x4.splat(2.0), f32x4.mul(x, f32x4.splat(-2.0))), f32x4.splat(1.0));
}

/** x (n) -> out (n), which may be x; n a multiple of 4. */
export function activate(x: usize, out: usize, n: i32, kind: i32): void {
  for (const end = x + (<usize>n << 2); x < end; x += 16) {
    v128.store(out, activate4(v128.load(x), kind));
    out += 16;
  }
}

/** x (n) · y (n) -> x; n a multiple of 4. What a gate lets through (Shazeer, 2020). */
export function multiply(x: usize, y: usize, n: i32): void {
  for (const end = x + (<usize>n << 2); x < end; x += 16) {
    v128.store(x, f32x4.mul(v128.load(x), v128.load(y)));
    y += 16;
  }
}

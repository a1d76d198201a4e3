import { ACTIVATION_GELU, ACTIVATION_GELU_NEW, ACTIVATION_RELU, ACTIVATION_TANH } from '../kernels/constants';
import { exp4 } from '../kernels/exp';
import { Machine, partOf } from './machine';
import { store4 } from './vector';

@unmanaged
export class ActivateStep {
  width: i32;
  gated: i32;
  kind: i32; // ACTIVATION_…
  x: usize;
  xStride: usize;
  out: usize;
  outStride: usize;
}

/** out = activation(x), times what stands `width` values behind x where gated; rows are divided among threads. */
export function activate(s: ActivateStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const x = s.x + <usize>n * s.xStride;
    const out = s.out + <usize>n * s.outStride;
    for (let at: usize = 0; at < bytes; at += 16) {
      const v = v128.load(x + at);
      const active = activated4(v, share4(v, bell4(v, s.kind), s.kind), s.kind);
      store4(out + at, s.gated ? f32x4.mul(active, v128.load(x + bytes + at)) : active, bytes - at);
    }
  }
}

@unmanaged
export class ActivateGradientStep {
  width: i32;
  gated: i32;
  kind: i32;
  x: usize;
  xStride: usize;
  dOut: usize;
  dOutStride: usize;
  dX: usize; // may be x
  dXStride: usize;
}

/** dX = dOut · activation'(x), and where gated the same for both halves; rows are divided among threads. */
export function activateGradient(s: ActivateGradientStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const x = s.x + <usize>n * s.xStride;
    const dOut = s.dOut + <usize>n * s.dOutStride;
    const dX = s.dX + <usize>n * s.dXStride;
    for (let at: usize = 0; at < bytes; at += 16) {
      const v = v128.load(x + at), d = v128.load(dOut + at);
      const bell = bell4(v, s.kind);
      const share = share4(v, bell, s.kind);
      let slope = f32x4.mul(d, slope4(v, share, bell, s.kind));
      if (s.gated) {
        slope = f32x4.mul(slope, v128.load(x + bytes + at));
        store4(dX + bytes + at, f32x4.mul(d, activated4(v, share, s.kind)), bytes - at);
      }
      store4(dX + at, slope, bytes - at);
    }
  }
}

// Each activation but tanh is x times a share of it: σ(w) with w = a x + b x³ (Hendrycks and Gimpel's approximation of GELU; SiLU, with a = 1
// and b = 0), the normal distribution function (GELU), or 1 above 0 (ReLU). tanh x is 2 σ(2 x) - 1.

/** √(2 / π) · 2, and that times 0.044715. */
const GELU_A: f32 = 1.5957691216057308;
const GELU_B: f32 = 0.07135481282672553;

// @ts-ignore: decorator
@inline
function a4(kind: i32): v128 {
  return f32x4.splat(kind == ACTIVATION_GELU_NEW ? GELU_A : kind == ACTIVATION_TANH ? 2.0 : 1.0);
}

// @ts-ignore: decorator
@inline
function share4(x: v128, bell: v128, kind: i32): v128 {
  const one = f32x4.splat(1.0);
  if (kind == ACTIVATION_RELU) return v128.and(one, f32x4.gt(x, f32x4.splat(0.0)));
  if (kind == ACTIVATION_GELU) return normalShare4(x, bell);
  let w = f32x4.mul(x, a4(kind));
  if (kind == ACTIVATION_GELU_NEW) w = f32x4.add(w, f32x4.mul(f32x4.mul(x, f32x4.splat(GELU_B)), f32x4.mul(x, x)));
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(w))));
}

// @ts-ignore: decorator
@inline
function activated4(x: v128, share: v128, kind: i32): v128 {
  if (kind == ACTIVATION_TANH) return f32x4.sub(f32x4.add(share, share), f32x4.splat(1.0));
  return f32x4.mul(x, share);
}

// @ts-ignore: decorator
@inline
function slope4(x: v128, share: v128, bell: v128, kind: i32): v128 {
  if (kind == ACTIVATION_RELU) return share;
  if (kind == ACTIVATION_GELU) {
    // 1 / √(2 π)
    return f32x4.add(share, f32x4.mul(f32x4.mul(x, f32x4.splat(0.3989422804014327)), bell));
  }
  const both = f32x4.mul(share, f32x4.sub(f32x4.splat(1.0), share));
  if (kind == ACTIVATION_TANH) return f32x4.mul(both, f32x4.splat(4.0));
  let slope = a4(kind);
  if (kind == ACTIVATION_GELU_NEW) {
    slope = f32x4.add(slope, f32x4.mul(f32x4.mul(x, f32x4.splat(<f32>3.0 * GELU_B)), x));
  }
  return f32x4.add(share, f32x4.mul(f32x4.mul(x, both), slope));
}

/** e^(-x² / 2), of which GELU makes both its share and its slope; others have no use for it. */
// @ts-ignore: decorator
@inline
function bell4(x: v128, kind: i32): v128 {
  return kind == ACTIVATION_GELU ? exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))) : x;
}

/** (1 + erf(x / √2)) / 2, with erf by Abramowitz and Stegun 7.1.26 (absolute error below 1.5e-7). */
// @ts-ignore: decorator
@inline
function normalShare4(x: v128, bell: v128): v128 {
  const one = f32x4.splat(1.0);
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.7071067811865476));
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(z, f32x4.splat(0.3275911))));
  let p = f32x4.splat(1.061405429);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  // Half of 1 - erf(|z|); the sign of x decides which side is added.
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), bell), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0.0)));
}

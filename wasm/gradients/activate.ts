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
  const kind = s.kind;
  const a = a4(kind), b = b4(kind);
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const x = s.x + <usize>n * s.xStride;
    const out = s.out + <usize>n * s.outStride;
    for (let at: usize = 0; at < bytes; at += 16) {
      const v = v128.load(x + at);
      const active = activated4(v, share4(v, bell4(v, kind), a, b, kind), kind);
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
  const kind = s.kind;
  const a = a4(kind), b = b4(kind);
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const x = s.x + <usize>n * s.xStride;
    const dOut = s.dOut + <usize>n * s.dOutStride;
    const dX = s.dX + <usize>n * s.dXStride;
    for (let at: usize = 0; at < bytes; at += 16) {
      const v = v128.load(x + at), d = v128.load(dOut + at);
      const bell = bell4(v, kind);
      const share = share4(v, bell, a, b, kind);
      let slope = f32x4.mul(d, slope4(v, share, bell, a, b, kind));
      if (s.gated) {
        slope = f32x4.mul(slope, v128.load(x + bytes + at));
        store4(dX + bytes + at, f32x4.mul(d, activated4(v, share, kind)), bytes - at);
      }
      store4(dX + at, slope, bytes - at);
    }
  }
}

// Each activation but tanh is x times a share of it: σ(w) with w = a x + b x³ (Hendrycks and Gimpel's approximation of GELU; SiLU, with a = 1
// and b = 0), the normal distribution function (GELU), or 1 above 0 (ReLU). tanh x is 2 σ(2 x) - 1.

/** In memory, since an engine builds a constant vector anew at each use. Of GELU's approximation: -a = -2 √(2 / π), -b = -0.044715 a. */
const constants = memory.data<f32>([
  1.0, -1.5957691216057308, -0.07135481282672553, -1.0, -2.0, 0.0,
  0.3989422804014327, 0.7071067811865476, 0.3275911, 1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<u32>(constants + (index << 2));
}

/** -a */
function a4(kind: i32): v128 {
  return constant(kind == ACTIVATION_GELU_NEW ? 1 : kind == ACTIVATION_TANH ? 4 : 3);
}

/** -b */
function b4(kind: i32): v128 {
  return constant(kind == ACTIVATION_GELU_NEW ? 2 : 5);
}

// @ts-ignore: decorator
@inline
function share4(x: v128, bell: v128, a: v128, b: v128, kind: i32): v128 {
  const one = constant(0);
  if (kind == ACTIVATION_RELU) return v128.and(one, f32x4.gt(x, constant(5)));
  if (kind == ACTIVATION_GELU) return normalShare4(x, bell);
  const w = f32x4.mul(x, f32x4.add(a, f32x4.mul(b, f32x4.mul(x, x))));
  return f32x4.div(one, f32x4.add(one, exp4(w)));
}

// @ts-ignore: decorator
@inline
function activated4(x: v128, share: v128, kind: i32): v128 {
  if (kind == ACTIVATION_TANH) return f32x4.sub(f32x4.add(share, share), f32x4.splat(1.0));
  return f32x4.mul(x, share);
}

// @ts-ignore: decorator
@inline
function slope4(x: v128, share: v128, bell: v128, a: v128, b: v128, kind: i32): v128 {
  if (kind == ACTIVATION_RELU) return share;
  // 1 / √(2 π)
  if (kind == ACTIVATION_GELU) return f32x4.add(share, f32x4.mul(f32x4.mul(x, constant(6)), bell));
  const both = f32x4.mul(share, f32x4.sub(constant(0), share));
  if (kind == ACTIVATION_TANH) return f32x4.mul(both, f32x4.splat(4.0));
  const bx = f32x4.mul(b, f32x4.mul(x, x));
  return f32x4.sub(share, f32x4.mul(f32x4.mul(x, both), f32x4.add(a, f32x4.add(bx, f32x4.add(bx, bx)))));
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
  const one = constant(0);
  const z = f32x4.mul(f32x4.abs(x), constant(7));
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(z, constant(8))));
  let p = f32x4.add(f32x4.mul(constant(9), t), constant(10));
  p = f32x4.add(f32x4.mul(p, t), constant(11));
  p = f32x4.add(f32x4.mul(p, t), constant(12));
  p = f32x4.add(f32x4.mul(p, t), constant(13));
  // Half of 1 - erf(|z|); the sign of x decides which side is added.
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), bell), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0.0)));
}

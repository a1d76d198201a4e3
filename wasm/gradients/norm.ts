import { sum4 } from '../kernels/layer-norm';
import { Machine, partOf } from './machine';
import { keep4, store4 } from './vector';

@unmanaged
export class NormStep {
  groups: i32;
  width: i32;
  layer: i32; // 0: no mean is taken away
  epsilon: f32;
  x: usize;
  xStride: usize;
  weight: usize;
  bias: usize; // 0: none
  out: usize;
  outStride: usize;
  stats: usize; // 0, or (rows · groups, 2): mean and rstd
}

/** out = (x - mean) · rstd · weight + bias; rows are divided among threads. */
export function norm(s: NormStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    for (let group = 0; group < s.groups; group++) {
      const x = s.x + <usize>n * s.xStride + <usize>group * bytes;
      const out = s.out + <usize>n * s.outStride + <usize>group * bytes;
      const mean: f32 = s.layer ? sumOf(x, bytes) / <f32>s.width : 0;
      const rstd: f32 = <f32>1.0 / sqrt<f32>(squaresOf(x, bytes, mean) / <f32>s.width + s.epsilon);
      const mean4 = f32x4.splat(mean), rstd4 = f32x4.splat(rstd);
      for (let at: usize = 0; at < bytes; at += 16) {
        const y = f32x4.mul(f32x4.sub(v128.load(x + at), mean4), rstd4);
        const v = f32x4.mul(y, v128.load(s.weight + at));
        store4(out + at, s.bias ? f32x4.add(v, v128.load(s.bias + at)) : v, bytes - at);
      }
      if (s.stats) {
        const stats = s.stats + (<usize>(n * s.groups + group) << 3);
        store<f32>(stats, mean);
        store<f32>(stats, rstd, 4);
      }
    }
  }
}

function sumOf(x: usize, bytes: usize): f32 {
  let a = f32x4.splat(0.0), b = a;
  for (let at: usize = 0; at < bytes; at += 32) {
    a = f32x4.add(a, keep4(v128.load(x + at), bytes - at));
    if (at + 16 < bytes) b = f32x4.add(b, keep4(v128.load(x + at, 16), bytes - at - 16));
  }
  return sum4(f32x4.add(a, b));
}

/** Σ (x - mean)²: in a second pass, which keeps its digits. */
function squaresOf(x: usize, bytes: usize, mean: f32): f32 {
  const mean4 = f32x4.splat(mean);
  let a = f32x4.splat(0.0), b = a;
  for (let at: usize = 0; at < bytes; at += 32) {
    const d = keep4(f32x4.sub(v128.load(x + at), mean4), bytes - at);
    a = f32x4.add(a, f32x4.mul(d, d));
    if (at + 16 < bytes) {
      const e = keep4(f32x4.sub(v128.load(x + at, 16), mean4), bytes - at - 16);
      b = f32x4.add(b, f32x4.mul(e, e));
    }
  }
  return sum4(f32x4.add(a, b));
}

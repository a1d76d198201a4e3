import { sum4 } from '../kernels/layer-norm';
import { columnOf, Machine, partOf } from './machine';
import { keep4, store4 } from './vector';

@unmanaged
export class NormGradientStep {
  groups: i32;
  width: i32;
  layer: i32;
  accumulate: i32;
  x: usize;
  xStride: usize;
  weight: usize;
  stats: usize;
  dOut: usize;
  dOutStride: usize;
  dX: usize;
  dXStride: usize;
}

/**
 * With g = dOut · weight and y the normalised x: dX (+)= rstd · (g - mean(g) - y · mean(g · y)), without the first mean where the norm
 * takes none away. Rows are divided among threads.
 */
export function normGradient(s: NormGradientStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  const share: f32 = <f32>1.0 / <f32>s.width;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    for (let group = 0; group < s.groups; group++) {
      const x = s.x + <usize>n * s.xStride + <usize>group * bytes;
      const dOut = s.dOut + <usize>n * s.dOutStride + <usize>group * bytes;
      const dX = s.dX + <usize>n * s.dXStride + <usize>group * bytes;
      const stats = s.stats + (<usize>(n * s.groups + group) << 3);
      const mean = v128.load_splat<u32>(stats), rstd = v128.load_splat<u32>(stats, 4);
      let sums = f32x4.splat(0.0), products = sums;
      for (let at: usize = 0; at < bytes; at += 16) {
        const g = keep4(f32x4.mul(v128.load(dOut + at), v128.load(s.weight + at)), bytes - at);
        const y = keep4(f32x4.mul(f32x4.sub(v128.load(x + at), mean), rstd), bytes - at);
        sums = f32x4.add(sums, g);
        products = f32x4.add(products, f32x4.mul(g, y));
      }
      const meanG = f32x4.splat(s.layer ? sum4(sums) * share : 0);
      const meanGY = f32x4.splat(sum4(products) * share);
      for (let at: usize = 0; at < bytes; at += 16) {
        const g = f32x4.mul(v128.load(dOut + at), v128.load(s.weight + at));
        const y = f32x4.mul(f32x4.sub(v128.load(x + at), mean), rstd);
        const d = f32x4.mul(rstd, f32x4.sub(f32x4.sub(g, meanG), f32x4.mul(y, meanGY)));
        store4(dX + at, s.accumulate ? f32x4.add(d, v128.load(dX + at)) : d, bytes - at);
      }
    }
  }
}

@unmanaged
export class NormWeightGradientStep {
  groups: i32;
  width: i32;
  x: usize;
  xStride: usize;
  stats: usize;
  dOut: usize;
  dOutStride: usize;
  dWeight: usize;
  dBias: usize; // 0: none
}

/** dWeight += Σ dOut · y, dBias += Σ dOut over rows and groups; columns are divided among threads. */
export function normWeightGradient(s: NormWeightGradientStep, rows: i32, m: Machine): void {
  const first = columnOf(s.width, m.thread, m.threads);
  const end = columnOf(s.width, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  let stats = s.stats;
  for (let n = 0; n < rows; n++) {
    for (let group = 0; group < s.groups; group++) {
      const x = s.x + <usize>n * s.xStride + <usize>group * bytes;
      const dOut = s.dOut + <usize>n * s.dOutStride + <usize>group * bytes;
      const mean = v128.load_splat<u32>(stats), rstd = v128.load_splat<u32>(stats, 4);
      stats += 8;
      for (let at = first; at < end; at += 16) {
        const d = v128.load(dOut + at);
        const y = f32x4.mul(f32x4.sub(v128.load(x + at), mean), rstd);
        store4(s.dWeight + at, f32x4.add(v128.load(s.dWeight + at), f32x4.mul(d, y)), end - at);
        if (s.dBias) store4(s.dBias + at, f32x4.add(v128.load(s.dBias + at), d), end - at);
      }
    }
  }
}

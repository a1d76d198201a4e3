import { columnOf, Machine } from './machine';
import { store4 } from './vector';

@unmanaged
export class GatherStep {
  width: i32;
  each: i32;
  places: usize; // (rows, each) i32: rows of x, -1 is none
  x: usize;
  xStride: usize;
  out: usize;
  outStride: usize;
}

/** out[h] = Σ of the rows of x that belong to it; columns are divided among threads. */
export function gather(s: GatherStep, rows: i32, m: Machine): void {
  const first = columnOf(s.width, m.thread, m.threads);
  const end = columnOf(s.width, m.thread + 1, m.threads);
  for (let h = 0; h < rows; h++) {
    const out = s.out + <usize>h * s.outStride;
    for (let at = first; at < end; at += 16) {
      let sum = f32x4.splat(0.0);
      for (let j = h * s.each; j < (h + 1) * s.each; j++) {
        const n = load<i32>(s.places + (<usize>j << 2));
        if (n >= 0) sum = f32x4.add(sum, v128.load(s.x + <usize>n * s.xStride + at));
      }
      store4(out + at, sum, end - at);
    }
  }
}

/** x[…] += out[h] for the rows of x that belong to h, in the order of h: the step's x is dX, its out dOut. */
export function scatter(s: GatherStep, rows: i32, m: Machine): void {
  const first = columnOf(s.width, m.thread, m.threads);
  const end = columnOf(s.width, m.thread + 1, m.threads);
  for (let j = 0; j < rows * s.each; j++) {
    const n = load<i32>(s.places + (<usize>j << 2));
    if (n >= 0) addTo(s.x + <usize>n * s.xStride, s.out + <usize>(j / s.each) * s.outStride, 1, first, end);
  }
}

/** to += factor · from in bytes first … end - 1 of a row. */
export function addTo(to: usize, from: usize, factor: f32, first: usize, end: usize): void {
  const factor4 = f32x4.splat(factor);
  for (let at = first; at < end; at += 16) {
    const v = f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), factor4));
    store4(to + at, v, end - at);
  }
}

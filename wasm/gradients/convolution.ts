import { columnOf, Machine, partOf } from './machine';

// LFM2's: x (rows, 3 C) holds b, c, u; out = c · (bias + Σ_j kernel[j] · (b · u) of row n - size + 1 + j), within a sequence.

@unmanaged
export class ConvolutionStep {
  width: i32;
  size: i32;
  sequenceStart: usize;
  x: usize;
  xStride: usize;
  weight: usize; // (C, size)
  bias: usize; // 0: none
  out: usize;
  outStride: usize;
}

/** Rows are divided among threads. */
export function convolution(s: ConvolutionStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const x = s.x + <usize>n * s.xStride;
    const out = s.out + <usize>n * s.outStride;
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(out + at, load<f32>(x + bytes + at) * sumOf(s, n, at));
  }
}

/** What c of row n is multiplied by, for the channel at byte `at`. */
function sumOf(s: ConvolutionStep, n: i32, at: usize): f32 {
  const last = s.weight + (at + 4) * s.size - 4; // of the row itself
  const taps = min(s.size, n + 1 - load<i32>(s.sequenceStart + (<usize>n << 2)));
  let sum: f32 = s.bias ? load<f32>(s.bias + at) : 0;
  for (let j = taps - 1; j >= 0; j--) {
    sum += load<f32>(last - (<usize>j << 2)) * inputOf(s.x + <usize>(n - j) * s.xStride, s.width, at);
  }
  return sum;
}

/** b · u */
// @ts-ignore: decorator
@inline
function inputOf(x: usize, width: i32, at: usize): f32 {
  return load<f32>(x + at) * load<f32>(x + (<usize>width << 3) + at);
}

@unmanaged
export class ConvolutionGradientStep extends ConvolutionStep {
  dX: usize;
  dXStride: usize;
}

/** The step's out is dOut. Rows are divided among threads: each gathers what the rows after it want of it. */
export function convolutionGradient(s: ConvolutionGradientStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const x = s.x + <usize>n * s.xStride;
    const dX = s.dX + <usize>n * s.dXStride;
    const dOut = s.out + <usize>n * s.outStride;
    let taps = 1;
    while (taps < s.size && n + taps < rows && load<i32>(s.sequenceStart + (<usize>(n + taps) << 2)) <= n) taps++;
    for (let at: usize = 0; at < bytes; at += 4) {
      const last = s.weight + (at + 4) * s.size - 4;
      let sum: f32 = 0;
      for (let j: usize = 0; j < <usize>taps; j++) {
        const d = load<f32>(dOut + j * s.outStride + at) * load<f32>(x + j * s.xStride + bytes + at);
        sum += d * load<f32>(last - (j << 2));
      }
      store<f32>(dX + at, sum * load<f32>(x + (bytes << 1) + at));
      store<f32>(dX + bytes + at, load<f32>(dOut + at) * sumOf(s, n, at));
      store<f32>(dX + (bytes << 1) + at, sum * load<f32>(x + at));
    }
  }
}

/** The step's weight and bias are dWeight and dBias, its out is dOut. Channels are divided among threads. */
export function convolutionWeightGradient(s: ConvolutionStep, rows: i32, m: Machine): void {
  const first = columnOf(s.width, m.thread, m.threads);
  const end = columnOf(s.width, m.thread + 1, m.threads);
  for (let n = 0; n < rows; n++) {
    const x = s.x + <usize>n * s.xStride;
    const dOut = s.out + <usize>n * s.outStride;
    const taps = min(s.size, n + 1 - load<i32>(s.sequenceStart + (<usize>n << 2)));
    for (let at = first; at < end; at += 4) {
      const d = load<f32>(dOut + at) * load<f32>(x + (<usize>s.width << 2) + at);
      if (s.bias) store<f32>(s.bias + at, load<f32>(s.bias + at) + d);
      const last = s.weight + (at + 4) * s.size - 4;
      for (let j = 0; j < taps; j++) {
        const to = last - (<usize>j << 2);
        store<f32>(to, load<f32>(to) + d * inputOf(x - <usize>j * s.xStride, s.width, at));
      }
    }
  }
}

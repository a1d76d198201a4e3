import { sum4 } from '../kernels/layer-norm';
import { barrier } from './barrier';
import { Machine, partOf } from './machine';
import { keep4, store4 } from './vector';

@unmanaged
export class SquareSumStep {
  at: usize;
  length: i32;
  norm: usize;
}

/** Bytes of 4,096 values. */
const BLOCK: usize = 16384;

/** norm = √(Σ value²): blocks are divided among threads, and their sums added in order. */
export function squareSum(s: SquareSumStep, rows: i32, m: Machine): void {
  const blocks = (s.length + 4095) >> 12;
  const last = partOf(blocks, m.thread + 1, m.threads);
  const end = s.at + (<usize>s.length << 2);
  for (let block = partOf(blocks, m.thread, m.threads); block < last; block++) {
    const at = s.at + <usize>block * BLOCK;
    store<f64>(m.shared + (<usize>block << 3), squaresIn(at, min(at + BLOCK, end)));
  }
  barrier(m);
  if (m.thread) return;
  let sum: f64 = 0;
  for (let block = 0; block < blocks; block++) sum += load<f64>(m.shared + (<usize>block << 3));
  store<f32>(s.norm, <f32>sqrt(sum));
}

function squaresIn(at: usize, end: usize): f64 {
  let a = f32x4.splat(0.0), b = a;
  for (; at + 32 <= end; at += 32) {
    const v = v128.load(at), w = v128.load(at, 16);
    a = f32x4.add(a, f32x4.mul(v, v));
    b = f32x4.add(b, f32x4.mul(w, w));
  }
  for (; at < end; at += 16) {
    const v = keep4(v128.load(at), end - at);
    a = f32x4.add(a, f32x4.mul(v, v));
  }
  return sum4(f32x4.add(a, b));
}

@unmanaged
export class AdamWStep {
  parameters: usize;
  gradients: usize;
  first: usize;
  second: usize;
  length: i32;
  norm: usize;
  maxNorm: f32; // 0: no clipping
  decay: f32;
  beta1: f32;
  rest1: f32; // 1 - beta1
  beta2: f32;
  rest2: f32;
  epsilon: f32;
}

/** Values are divided among threads. Where the norm is not finite, nothing is done. */
export function adamW(s: AdamWStep, rows: i32, m: Machine): void {
  const norm = load<f32>(s.norm);
  if (norm - norm != 0) return;
  const program = m.program;
  const clip: f32 = s.maxNorm > 0 ? min<f32>(1, s.maxNorm / (norm + <f32>1e-6)) : 1;
  const clip4 = f32x4.splat(clip);
  const kept = f32x4.splat(<f32>1.0 - program.learningRate * s.decay);
  const rate = f32x4.splat(program.learningRate / program.correction1);
  const root = f32x4.splat(<f32>1.0 / sqrt<f32>(program.correction2));
  const beta1 = f32x4.splat(s.beta1), rest1 = f32x4.splat(s.rest1);
  const beta2 = f32x4.splat(s.beta2), rest2 = f32x4.splat(s.rest2);
  const epsilon = f32x4.splat(s.epsilon);
  const fours = (s.length + 3) >> 2;
  const last = min(<usize>s.length << 2, <usize>partOf(fours, m.thread + 1, m.threads) << 4);
  for (let at = <usize>partOf(fours, m.thread, m.threads) << 4; at < last; at += 16) {
    const left = last - at;
    const g = f32x4.mul(v128.load(s.gradients + at), clip4);
    const first = f32x4.add(f32x4.mul(v128.load(s.first + at), beta1), f32x4.mul(g, rest1));
    const second = f32x4.add(f32x4.mul(v128.load(s.second + at), beta2), f32x4.mul(f32x4.mul(g, g), rest2));
    const over = f32x4.add(f32x4.mul(f32x4.sqrt(second), root), epsilon);
    const p = f32x4.mul(v128.load(s.parameters + at), kept);
    store4(s.first + at, first, left);
    store4(s.second + at, second, left);
    store4(s.parameters + at, f32x4.sub(p, f32x4.div(f32x4.mul(first, rate), over)), left);
  }
}

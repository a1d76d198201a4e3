import { matmulF32 } from './matmul-f32';
import { matmulQ8 } from './matmul-q8';
import { matvecF32 } from './matvec-f32';
import { matvecQ4 } from './matvec-q4';
import { matvecQ8 } from './matvec-q8';
import { Plain, Relaxed } from './multiply-add';
import { blockBytes } from './pack';
import { Linear, Model } from './structs';
import { unpackQ4 } from './unpack-q4';

/**
 * out (T, rows) = x (T, K) · Wᵀ + bias, then `mode`, for one thread's share of the blocks of rows.
 * x is an operand as operand.ts arranges it; `area` is this thread's.
 */
export function linear(
  m: Model, W: Linear, T: i32, x: usize, operandArea: usize, out: usize, outStride: i32, mode: i32, thread: i32,
  area: usize,
): void {
  const first = (W.blocks * thread) / m.threads;
  const last = (W.blocks * (thread + 1)) / m.threads;
  const scales = operandArea + m.operandScaleOffset;
  const activation = m.activation;
  if (T == 1) {
    if (m.dtype == 1) matvecQ8(W, first, last, x, load<f32>(scales), out, mode, activation);
    else if (m.dtype == 2) {
      matvecQ4(W, first, last, x, load<f32>(scales), operandArea + m.operandSumOffset, out, mode, activation);
    } else if (m.relaxed) matvecF32<Relaxed>(W, first, last, x, out, mode, activation);
    else matvecF32<Plain>(W, first, last, x, out, mode, activation);
    return;
  }
  const stride = <usize>outStride << 2;
  if (m.dtype == 0) {
    if (m.relaxed) matmulF32<Relaxed>(W, first, last, x, T, out, stride, mode, activation);
    else matmulF32<Plain>(W, first, last, x, T, out, stride, mode, activation);
    return;
  }
  const bytes = blockBytes(m.dtype, W.K, W.group);
  for (let block: usize = first; block < <usize>last; block++) {
    let weights = W.weights + block * bytes;
    if (m.dtype == 2) {
      const tile = area + m.tileOffset;
      unpackQ4(weights, tile, W.K);
      weights = tile;
    }
    const at = block << 6;
    matmulQ8(weights, W.bias + at, W.K, W.group, x, scales, T, out + at, stride, mode, activation);
  }
}

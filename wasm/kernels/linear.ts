import { raiseRows } from './adapter';
import { BYTES, DTYPE, Q4, Q8 } from './dtype';
import { matmulF32 } from './matmul-f32';
import { matmulQ4 } from './matmul-q4';
import { matmulQ4Dots } from './matmul-q4-dots';
import { matmulQ8 } from './matmul-q8';
import { matmulQ8Dots } from './matmul-q8-dots';
import { matvecF32 } from './matvec-f32';
import { matvecQ4 } from './matvec-q4';
import { matvecQ4Dots } from './matvec-q4-dots';
import { matvecQ8 } from './matvec-q8';
import { matvecQ8Dots } from './matvec-q8-dots';
import { Plain, Relaxed } from './multiply-add';
import { Part, pieceFrom, take } from './part';
import { operandArea } from './prepare';
import { Linear, Model } from './structs';

/**
 * out (T, rows) = x (T, K) · Wᵀ + bias, and what an adapter adds, then `mode`, for the tokens of a part: of one thread alone all of it, else the blocks of rows that it
 * takes while there are any. x is the operand that `prepare` made, `out` the row of the part's first token.
 */
export function linear(m: Model, p: Part, W: Linear, x: usize, out: usize, outStride: i32, mode: i32): void {
  const blocks = W.blocks;
  if (p.shares == 1) {
    multiply(m, p, W, 0, blocks, x, out, outStride, mode);
    return;
  }
  for (let first = take(m, blocks, 1, 1, blocks); first < blocks; first = take(m, blocks, 1, 1, blocks)) {
    multiply(m, p, W, first, first + pieceFrom(m, first, blocks, 1, 1, blocks), x, out, outStride, mode);
  }
}

/** The blocks `first` … `last` - 1 of it. */
function multiply(
  m: Model, p: Part, W: Linear, first: i32, last: i32, x: usize, out: usize, outStride: i32, mode: i32,
): void {
  const T = p.T;
  const area = operandArea(p);
  const scales = area + m.operandScaleOffset;
  const sums = area + m.operandSumOffset;
  const stride = <usize>outStride << 2;
  const scratch = p.area + m.rowOffset;
  if (p.vector) {
    if (DTYPE == Q8 && BYTES) matvecQ8Dots(W, first, last, x, scales, sums, out, mode);
    else if (DTYPE == Q8) matvecQ8(W, first, last, x, scales, out, mode);
    else if (DTYPE == Q4 && BYTES) matvecQ4Dots(W, first, last, x, scales, sums, out, mode, scratch);
    else if (DTYPE == Q4) matvecQ4(W, first, last, x, scales, sums, out, mode);
    else if (m.relaxed) matvecF32<Relaxed>(W, first, last, x, out, mode);
    else matvecF32<Plain>(W, first, last, x, out, mode);
  } else if (BYTES) {
    if (DTYPE == Q4) matmulQ4Dots(W, first, last, x, scales, sums, T, out, stride, mode, scratch);
    else matmulQ8Dots(W, first, last, x, scales, sums, T, out, stride, mode, scratch);
  } else if (DTYPE == Q8) matmulQ8(W, first, last, x, scales, T, out, stride, mode);
  else if (DTYPE == Q4) matmulQ4(W, first, last, x, scales, sums, T, out, stride, mode);
  else if (m.relaxed) matmulF32<Relaxed>(W, first, last, x, T, out, stride, mode);
  else matmulF32<Plain>(W, first, last, x, T, out, stride, mode);
  if (W.adapter) raiseRows(m, p, W, first, last, out, stride);
}

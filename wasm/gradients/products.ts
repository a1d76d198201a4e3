import { Machine } from './machine';
import { MatrixRows } from './matrix-rows';
import { A_ROWS_B_ROWS, A_ROWS_B_TURNED, A_TURNED_B_ROWS, multiply } from './product';

/** The matrix, rows `firstOutput` … of it, stands first. */
@unmanaged
export class MatmulStep extends MatrixRows {
  outputs: i32;
  inputs: i32;
  x: usize;
  xStride: usize;
  bias: usize; // 0: none
  scale: f32;
  out: usize;
  outStride: usize;
  accumulate: i32;
}

@unmanaged
export class MatmulGradientStep extends MatrixRows {
  outputs: i32;
  inputs: i32;
  dOut: usize;
  dOutStride: usize;
  scale: f32;
  dX: usize;
  dXStride: usize;
  accumulate: i32;
}

/** x (rows, I) stands first, as a matrix of f32. */
@unmanaged
export class WeightGradientStep extends MatrixRows {
  outputs: i32;
  inputs: i32;
  dOut: usize;
  dOutStride: usize;
  scale: f32;
  dW: usize;
  dWStride: usize;
}

export function matmul(s: MatmulStep, rows: i32, m: Machine): void {
  multiply(
    m, A_ROWS_B_TURNED, s.x, s.xStride, rows, s, s.inputs, s.outputs, s.scale, s.out, s.outStride, s.bias, s.accumulate != 0,
  );
}

export function matmulGradient(s: MatmulGradientStep, rows: i32, m: Machine): void {
  multiply(
    m, A_ROWS_B_ROWS, s.dOut, s.dOutStride, rows, s, s.outputs, s.inputs, s.scale, s.dX, s.dXStride, 0, s.accumulate != 0,
  );
}

export function weightGradient(s: WeightGradientStep, rows: i32, m: Machine): void {
  multiply(
    m, A_TURNED_B_ROWS, s.dOut, s.dOutStride, s.outputs, s, rows, s.inputs, s.scale, s.dW, s.dWStride, 0, true,
  );
}

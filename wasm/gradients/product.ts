import { Machine, partOf } from './machine';
import { MatrixRows, readRow } from './matrix-rows';
import { packRow, turn } from './pack-panels';
import { EDGE_BYTES, multiplyPanels, PANEL, panelBytes } from './tile';

// What is multiplied goes through the caches in blocks (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication",
// 2008): DEPTH of K and COLUMNS of the second matrix lie as panels in the second-level cache, ROWS of the first pass by.
const DEPTH: i32 = 256;
const COLUMNS: i32 = 128;
const ROWS: i32 = 64;
/** From row to row of a first matrix that was turned. */
const TURNED_STRIDE: usize = (<usize>DEPTH << 2) + 64;

// Scratch of a thread: a tile, eight rows of a quantised matrix, a block of panels, a block of the first matrix; sdk/gradients/wasm/encode-products.ts says how much.
const READ_OFFSET: usize = EDGE_BYTES;
const PANELS_OFFSET: usize = READ_OFFSET + (<usize>DEPTH << 5);
const TURNED_OFFSET: usize = PANELS_OFFSET + <usize>(COLUMNS / PANEL) * ((<usize>DEPTH << 5) + 64);

/** How the matrices lie: as rows of K, or K rows. */
export const A_ROWS_B_TURNED: i32 = 0;
export const A_ROWS_B_ROWS: i32 = 1;
export const A_TURNED_B_ROWS: i32 = 2;

/**
 * out (M, N) (+)= scale · a · b + bias; a (M, K) or turned (K, M); b (K, N) or turned (N, K). The threads divide rows of `out`, or columns
 * where there are few rows; that does not change a sum's order.
 */
export function multiply(
  m: Machine, layout: i32, a: usize, aStride: usize, M: i32, b: MatrixRows, K: i32, N: i32, scale: f32, out: usize, stride: usize,
  bias: usize, accumulate: bool,
): void {
  const byRows = M >= N || M >= ROWS * m.threads;
  const firstRow = byRows ? startOf(M, 4, m.thread, m.threads) : 0;
  const lastRow = byRows ? startOf(M, 4, m.thread + 1, m.threads) : M;
  const firstColumn = byRows ? 0 : startOf(N, 32, m.thread, m.threads);
  const lastColumn = byRows ? N : startOf(N, 32, m.thread + 1, m.threads);
  if (firstRow == lastRow) return;
  const panels = m.scratch + PANELS_OFFSET;
  const turned = m.scratch + TURNED_OFFSET;
  for (let n = firstColumn; n < lastColumn; n += COLUMNS) {
    const columns = min(COLUMNS, lastColumn - n);
    for (let k = 0; k < K; k += DEPTH) {
      const depth = min(DEPTH, K - k);
      const distance = panelBytes(depth);
      if (layout == A_ROWS_B_TURNED) packTurnedBlock(b, n, columns, k, depth, scale, panels, m.scratch + READ_OFFSET);
      else packBlock(b, n, columns, k, depth, scale, panels, m.scratch + READ_OFFSET);
      for (let r = firstRow; r < lastRow; r += ROWS) {
        const rows = min(ROWS, lastRow - r);
        const to = out + <usize>r * stride + (<usize>n << 2);
        if (k == 0) begin(to, stride, rows, columns, bias ? bias + (<usize>n << 2) : 0, accumulate);
        if (layout == A_TURNED_B_ROWS) {
          turn(a + <usize>k * aStride + (<usize>r << 2), aStride, depth, rows, 1, turned, TURNED_STRIDE);
          multiplyPanels(turned, TURNED_STRIDE, rows, panels, distance, depth, columns, to, stride, m.scratch);
        } else {
          const from = a + <usize>r * aStride + (<usize>k << 2);
          multiplyPanels(from, aStride, rows, panels, distance, depth, columns, to, stride, m.scratch);
        }
      }
    }
  }
}

/** Where a thread begins with `count` things, a multiple of `unit`. */
function startOf(count: i32, unit: i32, thread: i32, threads: i32): i32 {
  return min(count, unit * partOf((count + unit - 1) / unit, thread, threads));
}

/** What sums begin with: what is there, zeros, the bias. */
function begin(out: usize, stride: usize, rows: i32, columns: i32, bias: usize, accumulate: bool): void {
  if (accumulate && !bias) return;
  const bytes = <usize>columns << 2;
  const whole = bytes & ~15;
  for (; rows > 0; rows--) {
    // Calls of the engine to copy or fill memory cost more than such short rows.
    for (let i: usize = 0; i < whole; i += 16) {
      const first = accumulate ? v128.load(out + i) : f32x4.splat(0);
      v128.store(out + i, bias ? f32x4.add(first, v128.load(bias + i)) : first);
    }
    for (let i = whole; i < bytes; i += 4) {
      const first: f32 = accumulate ? load<f32>(out + i) : 0;
      store<f32>(out + i, bias ? first + load<f32>(bias + i) : first);
    }
    out += stride;
  }
}

function packBlock(
  b: MatrixRows, column: i32, columns: i32, row: i32, rows: i32, scale: f32, panels: usize, scratch: usize,
): void {
  const distance = panelBytes(rows);
  for (let k = 0; k < rows; k++) {
    packRow(readRow(b, row + k, column, columns, scratch), columns, scale, panels + (<usize>k << 5), distance);
  }
}

function packTurnedBlock(
  b: MatrixRows, row: i32, rows: i32, column: i32, columns: i32, scale: f32, panels: usize, scratch: usize,
): void {
  const distance = panelBytes(columns);
  for (let n = 0; n < rows; n += PANEL) {
    const count = min(PANEL, rows - n);
    let from = readRow(b, row + n, column, columns, scratch);
    let stride = b.rowBytes;
    if (b.dtype) {
      stride = <usize>DEPTH << 2;
      for (let i = 1; i < count; i++) readRow(b, row + n + i, column, columns, scratch + <usize>i * stride);
    }
    if (count < PANEL) memory.fill(panels, 0, <usize>columns << 5);
    turn(from, stride, count, columns, scale, panels, 32);
    panels += distance;
  }
}

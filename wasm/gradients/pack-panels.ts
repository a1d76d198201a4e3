import { PANEL } from './tile';

/** to (columns, rows) = scale · from (rows, columns) turned; strides in bytes. */
export function turn(
  from: usize, stride: usize, rows: i32, columns: i32, scale: f32, to: usize, toStride: usize,
): void {
  const factor = f32x4.splat(scale);
  const wholeRows = rows & ~3;
  const wholeColumns = columns & ~3;
  for (let r = 0; r < wholeRows; r += 4) {
    let a = from + <usize>r * stride;
    let out = to + (<usize>r << 2);
    for (let c = 0; c < wholeColumns; c += 4) {
      const a0 = v128.load(a), a1 = v128.load(a + stride);
      const a2 = v128.load(a + 2 * stride), a3 = v128.load(a + 3 * stride);
      const low01 = v128.shuffle<i32>(a0, a1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(a0, a1, 2, 6, 3, 7);
      const low23 = v128.shuffle<i32>(a2, a3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(a2, a3, 2, 6, 3, 7);
      v128.store(out, f32x4.mul(factor, v128.shuffle<i64>(low01, low23, 0, 2)));
      v128.store(out + toStride, f32x4.mul(factor, v128.shuffle<i64>(low01, low23, 1, 3)));
      v128.store(out + 2 * toStride, f32x4.mul(factor, v128.shuffle<i64>(high01, high23, 0, 2)));
      v128.store(out + 3 * toStride, f32x4.mul(factor, v128.shuffle<i64>(high01, high23, 1, 3)));
      a += 16;
      out += toStride << 2;
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let c = r < wholeRows ? wholeColumns : 0; c < columns; c++) {
      const value = load<f32>(from + <usize>r * stride + (<usize>c << 2));
      store<f32>(to + <usize>c * toStride + (<usize>r << 2), scale * value);
    }
  }
}

/** One row (N) of a matrix, times scale, into its place in panels that are `distance` bytes apart. */
export function packRow(from: usize, N: i32, scale: f32, to: usize, distance: usize): void {
  const factor = f32x4.splat(scale);
  for (; N >= PANEL; N -= PANEL) {
    v128.store(to, f32x4.mul(factor, v128.load(from)));
    v128.store(to, f32x4.mul(factor, v128.load(from, 16)), 16);
    from += 32;
    to += distance;
  }
  if (N <= 0) return;
  for (let n = 0; n < PANEL; n++) store<f32>(to + (<usize>n << 2), n < N ? scale * load<f32>(from + (<usize>n << 2)) : 0);
}

/** scale · rows (K, N) as panels. */
export function packRows(
  from: usize, stride: usize, K: i32, N: i32, scale: f32, to: usize, distance: usize,
): void {
  for (let k = 0; k < K; k++) packRow(from + <usize>k * stride, N, scale, to + (<usize>k << 5), distance);
}

/** scale · rows (N, K), turned, as panels. */
export function packTurned(
  from: usize, stride: usize, N: i32, K: i32, scale: f32, to: usize, distance: usize,
): void {
  for (let n = 0; n < N; n += PANEL) {
    if (N - n < PANEL) memory.fill(to, 0, <usize>K << 5);
    turn(from + <usize>n * stride, stride, min(PANEL, N - n), K, scale, to, 32);
    to += distance;
  }
}

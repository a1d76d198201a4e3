import { multiplyAdd, Plain, Relaxed } from '../kernels/multiply-add';

/** Columns of a panel: a matrix that is multiplied lies as (columns / 8, K, 8), zeros behind its last column. */
export const PANEL: i32 = 8;
/** Bytes that a tile at an edge needs to stand aside. */
export const EDGE_BYTES: usize = 128;

/** From panel to panel; a cache line more than they take, since distances of powers of 2 share too few places of a cache. */
// @ts-ignore: decorator
@inline
export function panelBytes(K: i32): usize {
  return (<usize>K << 5) + 64;
}

/** Whether this engine has relaxed multiply-adds; a thread is told so before its first product. */
let relaxed = false;

export function useRelaxed(has: bool): void {
  relaxed = has;
}

/**
 * out (4, 8) += four rows · panel (K, 8), `end` being the panel's. Eight sums, two of the panel's vectors and one of a row stay in
 * registers; V8 unrolls the loop, and when it is written out here moves loads ahead until sums no longer fit.
 */
function tile<M>(
  a: usize, b: usize, c: usize, d: usize, panel: usize, end: usize, out: usize, stride: usize,
): void {
  const out1 = out + stride, out2 = out1 + stride, out3 = out2 + stride;
  let a0 = v128.load(out), a1 = v128.load(out, 16), b0 = v128.load(out1), b1 = v128.load(out1, 16);
  let c0 = v128.load(out2), c1 = v128.load(out2, 16), d0 = v128.load(out3), d1 = v128.load(out3, 16);
  for (; panel < end; panel += 32) {
    const w0 = v128.load(panel), w1 = v128.load(panel, 16);
    let u = v128.load_splat<u32>(a);
    a0 = multiplyAdd<M>(w0, u, a0);
    a1 = multiplyAdd<M>(w1, u, a1);
    u = v128.load_splat<u32>(b);
    b0 = multiplyAdd<M>(w0, u, b0);
    b1 = multiplyAdd<M>(w1, u, b1);
    u = v128.load_splat<u32>(c);
    c0 = multiplyAdd<M>(w0, u, c0);
    c1 = multiplyAdd<M>(w1, u, c1);
    u = v128.load_splat<u32>(d);
    d0 = multiplyAdd<M>(w0, u, d0);
    d1 = multiplyAdd<M>(w1, u, d1);
    a += 4;
    b += 4;
    c += 4;
    d += 4;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out1, b0);
  v128.store(out1, b1, 16);
  v128.store(out2, c0);
  v128.store(out2, c1, 16);
  v128.store(out3, d0);
  v128.store(out3, d1, 16);
}

/**
 * out (M, N) += a (M, K) · panels, which are `distance` bytes apart. Every sum begins with what stands in `out` and goes through K
 * in order, so that its bits do not depend on how a product is cut into calls. `edge`: EDGE_BYTES.
 */
export function multiplyPanels(
  a: usize, aStride: usize, M: i32, panels: usize, distance: usize, K: i32, N: i32, out: usize, stride: usize, edge: usize,
): void {
  for (let n = 0; n < N; n += PANEL) {
    const end = panels + (<usize>K << 5);
    let row = a;
    let to = out;
    for (let m = 0; m < M; m += 4) {
      const rows = M - m;
      if (rows >= 4 && N - n >= PANEL) {
        const b = row + aStride, c = b + aStride;
        const d = c + aStride;
        if (relaxed) tile<Relaxed>(row, b, c, d, panels, end, to, stride);
        else tile<Plain>(row, b, c, d, panels, end, to, stride);
      } else {
        const bytes = <usize>min(PANEL, N - n) << 2;
        const last = <usize>min(rows, 4) - 1;
        for (let r: usize = 0; r <= last; r++) memory.copy(edge + (r << 5), to + r * stride, bytes);
        const b = row + min<usize>(last, 1) * aStride, c = row + min<usize>(last, 2) * aStride;
        const d = row + last * aStride;
        if (relaxed) tile<Relaxed>(row, b, c, d, panels, end, edge, 32);
        else tile<Plain>(row, b, c, d, panels, end, edge, 32);
        for (let r: usize = 0; r <= last; r++) memory.copy(to + r * stride, edge + (r << 5), bytes);
      }
      row += aStride << 2;
      to += stride << 2;
    }
    panels += distance;
    out += 32;
  }
}

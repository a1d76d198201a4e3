import { Machine, partOf } from './machine';
import { store4 } from './vector';

@unmanaged
export class RotateStep {
  heads: i32;
  headSize: i32;
  size: i32;
  sign: f32; // -1 turns back
  positions: usize;
  table: usize; // (nCtx, size): cos and sin of each pair
  tableStride: usize;
  x: usize;
  xStride: usize;
}

/** Turns value i of each head together with value i + size / 2, in place; rows are divided among threads. */
export function rotate(s: RotateStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const half = <usize>(s.size >> 1) << 2;
  const sign = f32x4.splat(s.sign);
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const table = s.table + <usize>load<u32>(s.positions + (<usize>n << 2)) * s.tableStride;
    for (let head = 0; head < s.heads; head++) {
      const x = s.x + <usize>n * s.xStride + (<usize>(head * s.headSize) << 2);
      for (let at: usize = 0; at < half; at += 16) {
        const p = v128.load(table + (at << 1)), q = v128.load(table + (at << 1), 16);
        const cos = v128.shuffle<f32>(p, q, 0, 2, 4, 6);
        const sin = f32x4.mul(v128.shuffle<f32>(p, q, 1, 3, 5, 7), sign);
        const a = v128.load(x + at), b = v128.load(x + half + at);
        store4(x + at, f32x4.sub(f32x4.mul(a, cos), f32x4.mul(b, sin)), half - at);
        store4(x + half + at, f32x4.add(f32x4.mul(b, cos), f32x4.mul(a, sin)), half - at);
      }
    }
  }
}

import { Machine, partOf } from './machine';
import { store4 } from './vector';

@unmanaged
export class AddStep {
  width: i32;
  a: usize;
  aStride: usize;
  b: usize;
  bStride: usize;
  out: usize;
  outStride: usize;
}

/** out = a + b; rows are divided among threads. */
export function add(s: AddStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const a = s.a + <usize>n * s.aStride;
    const b = s.b + <usize>n * s.bStride;
    const out = s.out + <usize>n * s.outStride;
    for (let at: usize = 0; at < bytes; at += 16) {
      store4(out + at, f32x4.add(v128.load(a + at), v128.load(b + at)), bytes - at);
    }
  }
}

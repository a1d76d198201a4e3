import { Machine, partOf } from './machine';

@unmanaged
export class DropoutStep {
  width: i32;
  first: u32; // index of the first value among all tokens'
  salt: i32;
  below: u32; // rate · 2^32
  factor: f32; // 1 / (1 - rate)
  x: usize;
  xStride: usize;
  out: usize;
  outStride: usize;
}

/** As sdk/gradients/dropout-random.ts has it. */
// @ts-ignore: decorator
@inline
function pcgHash(value: u32): u32 {
  const state = value * 747796405 + 2891336453;
  const word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737;
  return (word >> 22) ^ word;
}

/** out = 0 where the value's random number says so, else x / (1 - rate); rows are divided among threads. */
export function dropout(s: DropoutStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const key = pcgHash(<u32>(m.program.dropoutSeed + s.salt * <i32>0x9e3779b9));
  const bytes = <usize>s.width << 2;
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const x = s.x + <usize>n * s.xStride;
    const out = s.out + <usize>n * s.outStride;
    let counter = key + s.first + <u32>n * <u32>s.width;
    for (let at: usize = 0; at < bytes; at += 4) {
      store<f32>(out + at, pcgHash(counter++) < s.below ? 0 : load<f32>(x + at) * s.factor);
    }
  }
}

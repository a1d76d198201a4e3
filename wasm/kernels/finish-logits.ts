import { barrier } from './barrier';
import { softCap } from './soft-cap';
import { Model } from './structs';

/** Logits (T, V) scaled and capped in place where the model does so, by all threads. */
export function finishLogits(m: Model, T: i32, thread: i32): void {
  const cap = m.logitCap;
  const scale = m.logitScale;
  if (scale == 1 && cap == 0) return;
  barrier(m);
  const scale4 = f32x4.splat(scale);
  const first = <usize>((m.head.blocks * thread) / m.threads) << 6;
  const last = <usize>((m.head.blocks * (thread + 1)) / m.threads) << 6;
  for (let t = 0; t < T; t++) {
    const row = m.logits + (<usize>(t * m.logitsStride) << 2);
    for (let at = row + first; at < row + last; at += 16) v128.store(at, f32x4.mul(v128.load(at), scale4));
    if (cap > 0) softCap(row + first, row + last, cap);
  }
}

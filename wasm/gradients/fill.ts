import { Machine, partOf } from './machine';

@unmanaged
export class FillStep {
  at: usize;
  length: i32;
  value: f32;
}

/** `length` values become `value`. */
export function fill(s: FillStep, rows: i32, m: Machine): void {
  const end = s.at + (<usize>partOf(s.length, m.thread + 1, m.threads) << 2);
  let at = s.at + (<usize>partOf(s.length, m.thread, m.threads) << 2);
  const value = f32x4.splat(s.value);
  for (; at + 16 <= end; at += 16) v128.store(at, value);
  for (; at < end; at += 4) store<f32>(at, s.value);
}

@unmanaged
export class SumStep {
  values: usize;
  total: usize;
}

/** total += the values of all rows, in double precision. */
export function sum(s: SumStep, rows: i32, m: Machine): void {
  if (m.thread) return;
  let total: f64 = load<f32>(s.total);
  for (let n = 0; n < rows; n++) total += load<f32>(s.values + (<usize>n << 2));
  store<f32>(s.total, <f32>total);
}

import { addTo } from './gather';
import { columnOf, Machine } from './machine';

@unmanaged
export class BiasGradientStep {
  outputs: i32;
  dOut: usize;
  dOutStride: usize;
  dBias: usize;
}

/** dBias += Σ dOut over rows, in their order; columns are divided among threads. */
export function biasGradient(s: BiasGradientStep, rows: i32, m: Machine): void {
  const first = columnOf(s.outputs, m.thread, m.threads);
  const end = columnOf(s.outputs, m.thread + 1, m.threads);
  for (let n = 0; n < rows; n++) addTo(s.dBias, s.dOut + <usize>n * s.dOutStride, 1, first, end);
}

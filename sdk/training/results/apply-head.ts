import type { AdapterHead } from '../../model/adapter.ts';

/** weight (K, C) · hidden (C) + bias (K) -> (K). */
export function applyHead({ weight, bias }: AdapterHead, hidden: Float32Array): Float32Array {
  const C = hidden.length;
  return Float32Array.from({ length: weight.length / C }, (_, k) => {
    let sum = bias?.[k] ?? 0;
    for (let c = 0; c < C; c++) sum += weight[k * C + c] * hidden[c];
    return sum;
  });
}

import type { Features } from './fit-linear.ts';

/**
 * Divides each channel by its root mean square, so that one penalty and one length of step suit all: some channels of a
 * transformer's last hidden states are a hundred times as large as others. Returns the divisors, (C); rows are changed in place.
 */
export function scaleChannels({ C, rows }: Features): Float64Array {
  const scales = new Float64Array(C);
  for (let i = 0; i < rows.length; i++) scales[i % C] += rows[i] ** 2;
  const R = rows.length / C;
  for (let c = 0; c < C; c++) scales[c] = Math.sqrt(scales[c] / R) || 1;
  for (let i = 0; i < rows.length; i++) rows[i] /= scales[i % C];
  return scales;
}

/** Weights (K, C) of scaled channels as those of the channels themselves. */
export function unscaleWeights(weights: Float64Array, scales: Float64Array): Float32Array {
  return Float32Array.from(weights, (weight, i) => weight / scales[i % scales.length]);
}

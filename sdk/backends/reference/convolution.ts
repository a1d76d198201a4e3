import type { ModelConfig } from '../../model/config.ts';
import type { Multiply } from './adapted-linear.ts';
import type { LayerCache } from './layer-cache.ts';
import type { NamedWeights } from './weights.ts';

/**
 * LFM2's short convolution of one token x (C) that stands behind those in the cache; returns what is added to the stream (C).
 * in(x) = (b, c, u); out(c · Σ_j kernel_j · (b · u) of the position `convolutionSize - 1 - j` before), each channel by itself.
 */
export function convolution(
  config: ModelConfig,
  weight: NamedWeights,
  multiply: Multiply,
  x: Float64Array,
  cache: LayerCache,
): Float64Array {
  const { nEmbd: C, convolutionSize: size } = config;
  const gates = multiply('convolution.in', x, 3 * C);
  const kernel = weight('convolution.kernel.weight');
  const bias = weight('convolution.kernel.bias');
  cache.keys.push(Float64Array.from({ length: C }, (_, i) => gates[i] * gates[2 * C + i]));
  cache.values.push(new Float64Array(0));
  const mixed = new Float64Array(C);
  for (let i = 0; i < C; i++) {
    let sum = bias?.[i] ?? 0;
    for (let j = 0; j < size; j++) {
      const at = cache.keys.length - size + j;
      if (at >= 0) sum += kernel[i * size + j] * cache.keys[at][i];
    }
    mixed[i] = gates[C + i] * sum;
  }
  return multiply('convolution.out', mixed, C);
}

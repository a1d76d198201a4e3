import type { TensorPart } from '../model/tensor.ts';
import { quantisedPart } from '../quantising/quantised-rows.ts';
import type { SentPart } from './sent-part.ts';

/** A part that came from another thread. */
export function receivePart({ data, rowStride = 1, columnStride = 1, quantised, ...place }: SentPart): TensorPart {
  if (quantised) return quantisedPart(place, quantised);
  return { ...place, rowStride, columnStride, data: data ?? new Float32Array(0) };
}

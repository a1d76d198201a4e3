import type { Candidates } from '../engine.ts';

/** Unpacks and sorts what shaders/candidates.wgsl has written. Whatever is left out comes after them in this order. */
export function readCandidates(bytes: ArrayBuffer): Candidates {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  // A driver that leaves garbage must not make this loop for ever.
  const count = Math.min(words[0], (words.length - 3) / 2);
  const order = Array.from({ length: count }, (_, i) => 3 + 2 * i);
  order.sort((a, b) => floats[b + 1] - floats[a + 1] || words[a] - words[b]);
  return {
    tokenIds: Uint32Array.from(order, (at) => words[at]),
    logits: Float32Array.from(order, (at) => floats[at + 1]),
    logSumExp: floats[1] + Math.log(floats[2]),
  };
}

/** The likeliest next tokens, and what makes probabilities of their logits. */
export interface Candidates {
  /** Best first, the lower id first among equals. */
  readonly tokenIds: Uint32Array;
  readonly logits: Float32Array;
  /** Natural log of the sum of e^logit over the whole vocabulary. */
  readonly logSumExp: number;
}

/** Unpacks and sorts what shaders/candidates.wgsl has written. Every token left out has a smaller logit than all that are in. */
export function readCandidates(bytes: ArrayBuffer): Candidates {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  const count = words[0];
  const order = Array.from({ length: count }, (_, i) => 4 + 2 * i);
  order.sort((a, b) => floats[b + 1] - floats[a + 1] || words[a] - words[b]);
  return {
    tokenIds: Uint32Array.from(order, (at) => words[at]),
    logits: Float32Array.from(order, (at) => floats[at + 1]),
    logSumExp: floats[2] + Math.log(floats[3]),
  };
}

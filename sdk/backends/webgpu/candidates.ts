import type { Candidates } from '../engine.ts';
import { mostCandidates, mostListed } from './buffers.ts';

/**
 * Unpacks what shaders/candidates-rank.wgsl has written. Whatever is left out comes after them in this order.
 *
 * @returns nothing where more logits came into question than the GPU lists: thousands of equal ones
 */
export function readCandidates(bytes: ArrayBuffer): Candidates | undefined {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  if (words[0] > mostListed) return undefined;
  // A driver that leaves garbage must not make this loop for ever.
  const count = Math.min(words[0], mostCandidates);
  return {
    tokenIds: Uint32Array.from({ length: count }, (_, i) => words[3 + 2 * i]),
    logits: Float32Array.from({ length: count }, (_, i) => floats[4 + 2 * i]),
    logSumExp: floats[1] + Math.log(floats[2]),
  };
}

/** The same from all logits. */
export function pickCandidates(all: Float32Array): Candidates {
  const order = Uint32Array.from(all, (_, id) => id).sort((a, b) => all[b] - all[a] || a - b);
  const tokenIds = order.slice(0, mostCandidates);
  const most = all[order[0]];
  const sum = all.reduce((total, logit) => total + Math.exp(logit - most), 0);
  return { tokenIds, logits: Float32Array.from(tokenIds, (id) => all[id]), logSumExp: most + Math.log(sum) };
}

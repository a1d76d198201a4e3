import type { StoredTensor } from '../weight-file.ts';
import type { ReadBytes } from './gguf-header.ts';

/** By a tensor's name: by what the frequencies of rotary pairs are divided. */
export type RotaryFactors = ReadonlyMap<string, readonly number[]>;

const names: readonly string[] = ['rope_freqs.weight', 'rope_factors_long.weight', 'rope_factors_short.weight'];
// Half a head's width; no head is wider than the stream.
const mostFactors = 1 << 16;

/** Reads the tensors of a file that are no weights: they say how rotary positions are scaled. */
export async function readRotaryFactors(tensors: readonly StoredTensor[], read: ReadBytes): Promise<RotaryFactors> {
  const found = new Map<string, readonly number[]>();
  for (const { name, type, start, bytes } of tensors) {
    if (!names.includes(name) || type !== 'F32' || bytes > 4 * mostFactors) continue;
    found.set(name, [...new Float32Array((await read(start, start + bytes)).slice().buffer)]);
  }
  return found;
}

import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../../model/config.ts';
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

/**
 * Llama 3's scaling, which a file has as the factors that come of it, and not as the numbers that the hub's config has.
 *
 * @throws GptletError BAD_CHECKPOINT where they are not one for each pair
 */
export function withRotaryFactors(config: ModelConfig, factors: RotaryFactors, location: string): ModelConfig {
  const divisors = factors.get('rope_freqs.weight');
  if (!divisors) return config;
  return {
    ...config,
    rotary: config.rotary.map((rotary) => {
      if (!rotary) return rotary;
      if (divisors.length !== rotary.size / 2 || !divisors.every((factor) => factor > 0 && Number.isFinite(factor))) {
        throw new GptletError(
          'BAD_CHECKPOINT',
          `${location} holds 'rope_freqs.weight' of ${divisors.length} numbers; they must be ${rotary.size / 2}, all above 0. Convert the model again.`,
        );
      }
      return { ...rotary, scaling: { kind: 'longrope', factors: divisors, attentionFactor: 1 } };
    }),
  };
}

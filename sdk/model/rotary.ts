import type { RotaryConfig, RotaryScaling } from './config.ts';

/** What sine and cosine of every position are made from. */
export interface RotaryAngles {
  /** (size / 2): by how much, in radians, each pair turns from one position to the next. */
  readonly frequencies: Float64Array;
  /** Factor on sine and cosine. */
  readonly magnitude: number;
}

/**
 * The angles of a rotary embedding (Su et al., RoFormer, 2021), scaled as the hub's modeling_rope_utils.py does.
 *
 * @param nCtx most tokens that a sequence may hold. The hub changes from short to long factors when a sequence outgrows the
 *   original context, and keys that were turned before keep what they have; here what a model was loaded for decides, once
 *   for all, as llama.cpp does it
 */
export function rotaryAngles({ size, base, scaling }: RotaryConfig, nCtx: number): RotaryAngles {
  const frequencies = Float64Array.from({ length: size / 2 }, (_, i) => base ** ((-2 * i) / size));
  switch (scaling?.kind) {
    case undefined:
      return { frequencies, magnitude: 1 };
    case 'linear':
      return { frequencies: frequencies.map((f) => f / scaling.factor), magnitude: 1 };
    case 'llama3':
      return { frequencies: frequencies.map((f) => llama3(f, scaling)), magnitude: 1 };
    case 'yarn':
      return { frequencies: yarn(frequencies, size, base, scaling), magnitude: scaling.attentionFactor };
    case 'longrope':
      return { frequencies: longrope(frequencies, scaling, nCtx), magnitude: scaling.attentionFactor };
  }
}

/**
 * Writes cosines and sines of one position: `out` (size) holds cos and sin of pair 0, then of pair 1, and so on, both
 * times the magnitude. Angles are in double precision: at position 32,768 an f32 is wrong by 0.002.
 */
export function writeRotaryRow({ frequencies, magnitude }: RotaryAngles, position: number, out: Float32Array): void {
  for (let i = 0; i < frequencies.length; i++) {
    const angle = position * frequencies[i];
    out[2 * i] = Math.cos(angle) * magnitude;
    out[2 * i + 1] = Math.sin(angle) * magnitude;
  }
}

function longrope(
  frequencies: Float64Array,
  scaling: RotaryScaling & { kind: 'longrope' },
  nCtx: number,
): Float64Array {
  const factors = nCtx > scaling.originalContext ? scaling.longFactors : scaling.shortFactors;
  return frequencies.map((f, i) => f / factors[i]);
}

/** Long waves are stretched by the factor, short ones kept, those between interpolated. */
function llama3(frequency: number, scaling: RotaryScaling & { kind: 'llama3' }): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling;
  const turns = (originalContext * frequency) / (2 * Math.PI);
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const share = (turns - low) / (high - low);
  return ((1 - share) * frequency) / factor + share * frequency;
}

/** Pairs that turn often in the original context keep their frequency, those that hardly turn are stretched (Peng et al., YaRN, 2023). */
function yarn(
  frequencies: Float64Array,
  size: number,
  base: number,
  scaling: RotaryScaling & { kind: 'yarn' },
): Float64Array {
  const { factor, originalContext, betaFast, betaSlow, truncate } = scaling;
  /** The pair, as a fraction, that turns so many times. */
  const pairOf = (turns: number): number =>
    (size * Math.log(originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const [first, last] = [pairOf(betaFast), pairOf(betaSlow)];
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, size - 1);
  const width = high === low ? 0.001 : high - low;
  return frequencies.map((f, i) => {
    const stretched = Math.min(1, Math.max(0, (i - low) / width));
    return (stretched * f) / factor + (1 - stretched) * f;
  });
}

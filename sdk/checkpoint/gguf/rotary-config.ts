import type { ArchitectureFacts, RawConfig } from './architecture-facts.ts';

/** What the hub's config says of rotary positions: their base, and how they are scaled. */
export function rotaryConfig({ number, needed, string, factors }: ArchitectureFacts): RawConfig {
  const base = { rope_theta: number('rope.freq_base') ?? 1e4 };
  const long = factors('rope_factors_long.weight');
  const short = factors('rope_factors_short.weight');
  if (long && short) return { ...base, rope_scaling: { type: 'longrope', long_factor: long, short_factor: short } };
  // Llama 3's scaling: what comes of it stands in the file, and not the numbers that the hub's config has.
  const divisors = factors('rope_freqs.weight');
  if (divisors) {
    const list = { long_factor: divisors, short_factor: divisors };
    const original_max_position_embeddings = needed('context_length');
    return {
      ...base,
      rope_scaling: { rope_type: 'longrope', ...list, attention_factor: 1, original_max_position_embeddings },
    };
  }
  const factor = number('rope.scaling.factor') ?? 1;
  const scaling = {
    linear: { rope_type: 'linear', factor },
    yarn: {
      rope_type: 'yarn',
      factor,
      original_max_position_embeddings:
        number('rope.scaling.original_context_length') ?? needed('context_length') / factor,
    },
  }[string('rope.scaling.type') ?? ''];
  return { ...base, rope_scaling: factor === 1 ? null : (scaling ?? null) };
}

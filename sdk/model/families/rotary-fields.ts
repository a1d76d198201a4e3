import type { RotaryConfig, RotaryScaling } from '../config.ts';
import { badConfig, badValue, unsupported } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import { positiveNumber, requireValue } from './later-fields.ts';

/** What the values of a config.json about rotary positions are read with. */
export interface RotaryContext {
  readonly headSize: number;
  readonly nCtx: number;
  /** Where config.json does not say. */
  readonly base: number;
  /** What part of each head's values turns, where rope_parameters do not say. Without it, the family turns all of them. */
  readonly share?: number;
  /** Tokens of context in the first training, where config.json says it outside of what it says of the scaling. */
  readonly originalContext?: number;
  /** Other names of scalings, by which a family means one of the usual. */
  readonly kindNames?: Readonly<Record<string, string>>;
}

/**
 * Reads how queries and keys turn: `rope_theta` with `rope_scaling`, as transformers 4 writes it, or all of it in
 * `rope_parameters`, as transformers 5 does.
 *
 * @throws GptletError UNSUPPORTED_MODEL for a kind of scaling, or a value of one, that gptlet does not know
 */
export function readRotary(fields: ConfigFields, context: RotaryContext, baseName = 'rope_theta'): RotaryConfig {
  const [older, newer] = [readObject(fields, 'rope_scaling'), readObject(fields, 'rope_parameters')];
  if (older && newer) throw badConfig('rope_scaling and rope_parameters are both there. They mean the same; keep one.');
  if (context.share === undefined) requireValue(fields, 'partial_rotary_factor', 1);
  const base = positiveNumber(fields, baseName, context.base);
  return rotaryOf(newer ? 'rope_parameters' : 'rope_scaling', newer ?? older ?? {}, { ...context, base });
}

/** Reads `rope_parameters` or `rope_scaling`, which `name` says, or a part of one of them. */
export function rotaryOf(
  name: string,
  values: Readonly<Record<string, unknown>>,
  context: RotaryContext,
): RotaryConfig {
  const reader = new ScalingReader(name, values);
  const share = reader.number('partial_rotary_factor', context.share ?? 1);
  if (context.share === undefined && share !== 1) {
    throw unsupported(`${name}.partial_rotary_factor is ${share}; for this model_type, gptlet computes only 1.`);
  }
  // The hub rounds down, too.
  const whole = Math.floor(share * context.headSize);
  if (whole < 2 || whole > context.headSize || whole % 2 === 1) {
    throw badConfig(
      `of each head's ${context.headSize} values ${whole} would turn; that must be an even number of them.`,
    );
  }
  const base = reader.number('rope_theta', context.base);
  const scaling = readScaling(reader, whole, context);
  reader.refuseOthers();
  return { size: whole, base, ...(scaling && { scaling }) };
}

function readScaling(reader: ScalingReader, size: number, context: RotaryContext): RotaryScaling | undefined {
  const { nCtx } = context;
  const original = (): number => context.originalContext ?? reader.number('original_max_position_embeddings', nCtx);
  const named = reader.kind();
  const kind = context.kindNames?.[named] ?? named;
  switch (kind) {
    case 'default':
      return undefined;
    case 'dynamic':
      // Grows with a sequence that is longer than max_position_embeddings, and there is none: that is the context.
      reader.number('factor');
      reader.number('original_max_position_embeddings', nCtx);
      return undefined;
    case 'linear':
      return { kind, factor: reader.number('factor') };
    case 'llama3':
      return {
        kind,
        factor: reader.number('factor'),
        lowFrequencyFactor: reader.number('low_freq_factor'),
        highFrequencyFactor: reader.number('high_freq_factor'),
        originalContext: reader.number('original_max_position_embeddings'),
      };
    case 'yarn': {
      const originalContext = original();
      const factor = reader.number('factor', nCtx / originalContext);
      const [mscale, mscaleAll] = [reader.number('mscale', 0), reader.number('mscale_all_dim', 0)];
      const usual =
        mscale && mscaleAll
          ? yarnAttention(factor, mscale) / yarnAttention(factor, mscaleAll)
          : yarnAttention(factor, 1);
      return {
        kind,
        factor,
        originalContext,
        betaFast: reader.number('beta_fast', 32),
        betaSlow: reader.number('beta_slow', 1),
        attentionFactor: reader.number('attention_factor', usual),
        truncate: reader.flag('truncate', true),
      };
    }
    case 'longrope': {
      const originalContext = original();
      if (context.originalContext !== undefined) reader.number('original_max_position_embeddings', originalContext);
      const factor = reader.number('factor', nCtx / originalContext);
      const usual = factor > 1 ? Math.sqrt(1 + Math.log(factor) / Math.log(originalContext)) : 1;
      return {
        kind,
        shortFactors: reader.numbers('short_factor', size / 2),
        longFactors: reader.numbers('long_factor', size / 2),
        originalContext,
        attentionFactor: reader.number('attention_factor', usual),
      };
    }
    default:
      throw unsupported(
        `${reader.name} has the rope_type ${JSON.stringify(named).slice(0, 100)}, which gptlet does not compute. It knows default, linear, dynamic, llama3, yarn, longrope.`,
      );
  }
}

/** How much YaRN lengthens queries and keys together, by the factor of its context (Peng et al., 2023). */
const yarnAttention = (factor: number, mscale: number): number =>
  factor > 1 ? 0.1 * mscale * Math.log(factor) + 1 : 1;

/** An object of config.json's; undefined if null or absent. */
export function readObject(fields: ConfigFields, name: string): Record<string, unknown> | undefined {
  const value = fields.value(name);
  if (value === undefined) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw badValue(name, value, 'be an object');
}

/** Reads the values of a scaling with their types checked; null is as good as absent. */
class ScalingReader {
  readonly name: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #understood = new Set(['type', 'rope_type']);

  constructor(name: string, values: Readonly<Record<string, unknown>>) {
    this.name = name;
    this.#values = values;
  }

  /** `rope_type`, which older code calls `type`. */
  kind(): string {
    const { type, rope_type: newer } = this.#values;
    const kind = newer ?? type ?? 'default';
    if (type != null && type !== kind)
      throw badValue(`${this.name}.type`, type, `be the same as rope_type, ${JSON.stringify(kind)}`);
    return String(kind);
  }

  /** A number above 0; required without a fallback. */
  number(key: string, fallback?: number): number {
    const value = this.#value(key) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && (value > 0 || value === fallback)) return value;
    throw badValue(`${this.name}.${key}`, value, 'be a number above 0');
  }

  numbers(key: string, count: number): number[] {
    const value = this.#value(key);
    if (Array.isArray(value) && value.length === count && value.every((each) => Number.isFinite(each) && each > 0))
      return value;
    throw badValue(`${this.name}.${key}`, value, `be a list of ${count} numbers above 0`);
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#value(key) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw badValue(`${this.name}.${key}`, value, 'be true or false');
  }

  /** @throws GptletError UNSUPPORTED_MODEL for a key that nothing asked for */
  refuseOthers(): void {
    const other = Object.keys(this.#values).find((key) => !this.#understood.has(key) && this.#values[key] != null);
    if (other === undefined) return;
    throw unsupported(
      `${this.name} sets ${other} = ${JSON.stringify(this.#values[other])?.slice(0, 60)}, which gptlet does not know for the rope_type '${this.kind()}'.`,
    );
  }

  #value(key: string): unknown {
    this.#understood.add(key);
    return this.#values[key] ?? undefined;
  }
}

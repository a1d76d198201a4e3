import { badValue, unsupported } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';

// Values of kinds that only the families after GPT-3 have.

/** A number above 0. */
export function positiveNumber(fields: ConfigFields, name: string, fallback: number): number {
  const value = fields.value(name) ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw badValue(name, value, 'be a number above 0');
}

/** A number above 0, or 0 for null, which says that there is none; the fallback stands for an absent key alone. */
export function numberOrNone(fields: ConfigFields, name: string, fallback: number): number {
  if (!Object.hasOwn(fields.raw, name)) return fallback;
  return fields.value(name) === undefined ? 0 : positiveNumber(fields, name, fallback);
}

/** A sliding window in tokens, or 0 for null, as {@link numberOrNone}; and 0 where nothing lies beyond it in the context. */
export function readWindow(fields: ConfigFields, fallback: number, nCtx: number): number {
  const window = Object.hasOwn(fields.raw, 'sliding_window')
    ? (fields.optionalCount(['sliding_window'], 'tokens') ?? 0)
    : fallback;
  return window < nCtx ? window : 0;
}

/**
 * Reads `layer_types`, the kind of each layer.
 *
 * @returns undefined where config.json does not say
 * @throws GptletError BAD_CHECKPOINT for another number of layers, UNSUPPORTED_MODEL for another kind
 */
export function readLayerTypes<Kind extends string>(
  fields: ConfigFields,
  nLayer: number,
  kinds: readonly Kind[],
): Kind[] | undefined {
  const types = fields.value('layer_types');
  if (types === undefined) return undefined;
  if (!Array.isArray(types) || types.length !== nLayer) {
    throw badValue('layer_types', types, `name a kind for each of the ${nLayer} layers`);
  }
  const other: unknown = types.find((type) => !kinds.includes(type));
  if (other === undefined) return types;
  throw unsupported(
    `layer_types names ${JSON.stringify(other)?.slice(0, 100)}; gptlet knows ${kinds.join(', ')} for this model_type.`,
  );
}

/**
 * Marks a key as understood whose one value is what gptlet computes, whether it is there or not.
 *
 * @throws GptletError UNSUPPORTED_MODEL for another value
 */
export function requireValue(fields: ConfigFields, name: string, wanted: unknown): void {
  const value = fields.value(name);
  if (value === undefined || value === wanted) return;
  throw unsupported(
    `${name} is ${JSON.stringify(value)?.slice(0, 100)}; for this model_type, gptlet computes only ${JSON.stringify(wanted)}.`,
  );
}

import type { RotaryConfig } from '../config.ts';
import { badConfig } from './config-error.ts';
import { ConfigFields } from './config-fields.ts';
import { readScoreScale } from './decoder-fields.ts';
import { decoderClasses } from './decoder-tensors.ts';
import { readGemma } from './gemma.ts';
import { sandwichTensors } from './gemma2.ts';
import { numberOrNone, positiveNumber, readLayerTypes, readWindow, requireValue } from './later-fields.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { type RotaryContext, readObject, rotaryOf } from './rotary-fields.ts';

/** Gemma 3 for text: queries and keys normed in place of capped scores, five layers with a window to each without. */
export const gemma3: ModelFamily = {
  architecture: 'gemma3',
  modelType: 'gemma3_text',
  classPrefixes: ['Gemma3', 'Gemma3Text'],
  classes: decoderClasses,
  tensorNames: sandwichTensors,
  harmless: ['cache_implementation'],
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readGemma(fields, { keyValueHeads: 4, readRotary: readFullRotary });
    const { nLayer, nCtx, headSize, rotary } = decoder;
    requireValue(fields, 'attn_logit_softcapping', null);
    const window = readWindow(fields, 4096, nCtx);
    const every = fields.optionalCount(['sliding_window_pattern'], 'layers') ?? 6;
    const types = readLayerTypes(fields, nLayer, ['full_attention', 'sliding_attention']);
    const slides = rotary.map((_, layer) => (types ? types[layer] === 'sliding_attention' : (layer + 1) % every !== 0));
    const slidingRotary = readSlidingRotary(fields, { headSize, nCtx, base: 10_000 });
    return {
      ...decoder,
      normPlacement: 'sandwich',
      queryKeyNorm: 'head',
      rotary: rotary.map((full, layer) => (slides[layer] ? slidingRotary : full)),
      attentionWindow: slides.map((slide) => (slide ? window : 0)),
      attentionScale: readScoreScale(fields, nLayer),
      logitSoftCap: numberOrNone(fields, 'final_logit_softcapping', 0),
    };
  },
};

/** `rope_theta` with `rope_scaling`, or `rope_parameters.full_attention` since transformers 5. */
function readFullRotary(fields: ConfigFields, context: RotaryContext): RotaryConfig {
  const base = positiveNumber(fields, 'rope_theta', 1_000_000);
  const older = readObject(fields, 'rope_scaling');
  const newer = readNested(fields, 'full_attention');
  if (older && newer) throw badConfig('rope_scaling and rope_parameters are both there. They mean the same; keep one.');
  return rotaryOf(newer ? 'rope_parameters.full_attention' : 'rope_scaling', newer ?? older ?? {}, {
    ...context,
    base,
  });
}

/** `rope_local_base_freq`, or `rope_parameters.sliding_attention` since transformers 5. */
function readSlidingRotary(fields: ConfigFields, context: RotaryContext): RotaryConfig {
  const base = positiveNumber(fields, 'rope_local_base_freq', context.base);
  const name = 'rope_parameters.sliding_attention';
  return rotaryOf(name, readNested(fields, 'sliding_attention') ?? {}, { ...context, base });
}

function readNested(fields: ConfigFields, kind: string): Record<string, unknown> | undefined {
  const all = readObject(fields, 'rope_parameters');
  if (!all) return undefined;
  const other = Object.keys(all).find((key) => key !== 'full_attention' && key !== 'sliding_attention');
  if (other !== undefined) {
    throw badConfig(
      `rope_parameters has the key ${other.slice(0, 100)}; it must have full_attention and sliding_attention.`,
    );
  }
  return readObject(new ConfigFields(all), kind);
}

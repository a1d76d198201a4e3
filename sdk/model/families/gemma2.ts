import type { ConfigFields } from './config-fields.ts';
import { readScoreScale } from './decoder-fields.ts';
import { decoderClasses } from './decoder-tensors.ts';
import { gemmaTensors, readGemma } from './gemma.ts';
import { numberOrNone, readLayerTypes, readWindow, requireValue } from './later-fields.ts';
import type { FamilyConfig, ModelFamily, TensorNames } from './model-family.ts';

/** Four norms to a block: before and after each sub-layer. */
export const sandwichTensors: TensorNames = {
  ...gemmaTensors,
  modules: {
    ...gemmaTensors.modules,
    outputNorm1: 'post_attention_layernorm',
    norm2: 'pre_feedforward_layernorm',
    outputNorm2: 'post_feedforward_layernorm',
  },
};

/** Gemma 2: four norms, scores and logits capped, every other layer with a window. */
export const gemma2: ModelFamily = {
  architecture: 'gemma2',
  modelType: 'gemma2',
  classPrefixes: ['Gemma2'],
  classes: decoderClasses,
  tensorNames: sandwichTensors,
  harmless: ['cache_implementation'],
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readGemma(fields, { keyValueHeads: 4 });
    const { nLayer, nCtx } = decoder;
    const window = readWindow(fields, 4096, nCtx);
    // Some configs say it twice.
    requireValue(fields, 'sliding_window_size', fields.raw['sliding_window']);
    const types = readLayerTypes(fields, nLayer, ['full_attention', 'sliding_attention']);
    const slides = (layer: number): boolean => (types ? types[layer] === 'sliding_attention' : layer % 2 === 0);
    return {
      ...decoder,
      normPlacement: 'sandwich',
      attentionWindow: Array.from({ length: nLayer }, (_, layer) => (slides(layer) ? window : 0)),
      attentionScale: readScoreScale(fields, nLayer),
      attentionSoftCap: numberOrNone(fields, 'attn_logit_softcapping', 50),
      logitSoftCap: numberOrNone(fields, 'final_logit_softcapping', 30),
    };
  },
};

import type { ConfigFields } from './config-fields.ts';
import { readBiases, readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';

/** Llama 2 and 3, and all that publishes in their layout: SmolLM, SmolLM2, TinyLlama, Yi. */
export const llama: ModelFamily = {
  architecture: 'llama',
  modelType: 'llama',
  classPrefixes: ['Llama'],
  classes: decoderClasses,
  tensorNames: decoderTensors,
  // The first is about how matrices were divided in training; the other is nanotron's name for this very layout.
  harmless: ['pretraining_tp', 'is_llama_config'],
  readConfig(fields: ConfigFields): FamilyConfig {
    return {
      ...readDecoder(fields, { epsilon: 1e-6, tiedHead: false, ropeBase: 10_000, bos: 1, eos: 2 }),
      biases: readBiases(fields, { attention: 'attention_bias', mlp: 'mlp_bias' }),
    };
  },
};

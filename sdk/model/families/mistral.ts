import type { ConfigFields } from './config-fields.ts';
import { readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import { readWindow } from './later-fields.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';

/** Mistral 7B: Llama with a window in every layer, which later versions set to null. */
export const mistral: ModelFamily = {
  architecture: 'mistral',
  modelType: 'mistral',
  classPrefixes: ['Mistral'],
  classes: decoderClasses,
  tensorNames: decoderTensors,
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readDecoder(fields, {
      keyValueHeads: 8,
      epsilon: 1e-6,
      tiedHead: false,
      ropeBase: 10_000,
      bos: 1,
      eos: 2,
    });
    const window = readWindow(fields, 4096, decoder.nCtx);
    return { ...decoder, attentionWindow: decoder.attentionWindow.map(() => window) };
  },
};

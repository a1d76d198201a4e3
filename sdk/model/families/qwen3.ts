import type { ConfigFields } from './config-fields.ts';
import { readBiases, readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { readFullLayers } from './qwen2.ts';
import { readOptionalWindows } from './windowed-layers.ts';

/** Qwen3: heads wider than their share of the stream, queries and keys normed by head. */
export const qwen3: ModelFamily = {
  architecture: 'qwen3',
  modelType: 'qwen3',
  classPrefixes: ['Qwen3'],
  classes: decoderClasses,
  tensorNames: decoderTensors,
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readDecoder(fields, {
      keyValueHeads: 32,
      headSize: 128,
      epsilon: 1e-6,
      tiedHead: false,
      ropeBase: 10_000,
    });
    const fullLayers = readFullLayers(fields);
    return {
      ...decoder,
      queryKeyNorm: 'head',
      attentionWindow: readOptionalWindows(fields, decoder, {
        usual: 4096,
        windowed: (layer) => layer >= fullLayers,
      }),
      biases: readBiases(fields, { attention: 'attention_bias' }),
    };
  },
};

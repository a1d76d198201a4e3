import type { ConfigFields } from './config-fields.ts';
import { readBiases, readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';

const { norm1: _, norm2: __, ...modules } = decoderTensors.modules;

/** OLMo 2: norms of what the sub-layers give and none of what they take, queries and keys normed over all heads. */
export const olmo2: ModelFamily = {
  architecture: 'olmo2',
  modelType: 'olmo2',
  classPrefixes: ['Olmo2'],
  classes: decoderClasses,
  tensorNames: {
    ...decoderTensors,
    modules: { ...modules, outputNorm1: 'post_attention_layernorm', outputNorm2: 'post_feedforward_layernorm' },
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    return {
      ...readDecoder(fields, { epsilon: 1e-5, tiedHead: false, ropeBase: 10_000, eos: 50_279, pad: 1 }),
      normPlacement: 'output',
      queryKeyNorm: 'joint',
      biases: readBiases(fields, { attention: 'attention_bias' }),
    };
  },
};

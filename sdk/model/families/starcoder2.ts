import type { ConfigFields } from './config-fields.ts';
import { readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import { readWindow, requireValue } from './later-fields.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';

/** StarCoder2: the GPT papers' layer norms, feed-forward layer and biases, with rotary positions and a window. */
export const starcoder2: ModelFamily = {
  architecture: 'starcoder2',
  modelType: 'starcoder2',
  classPrefixes: ['Starcoder2'],
  classes: decoderClasses,
  tensorNames: {
    ...decoderTensors,
    modules: { ...decoderTensors.modules, 'mlp.up': 'mlp.c_fc', 'mlp.down': 'mlp.c_proj' },
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readDecoder(fields, {
      keyValueHeads: 2,
      epsilonName: 'norm_epsilon',
      epsilon: 1e-5,
      activation: 'gelu_pytorch_tanh',
      tiedHead: true,
      ropeBase: 10_000,
      bos: 50_256,
      eos: 50_256,
    });
    requireValue(fields, 'mlp_type', 'default');
    requireValue(fields, 'norm_type', 'layer_norm');
    const window = readWindow(fields, 0, decoder.nCtx);
    return {
      ...decoder,
      gatedMlp: false,
      normKind: 'layer',
      attentionWindow: decoder.attentionWindow.map(() => window),
      biases: fields.flag('use_bias', true) ? ['attention.qkv', 'attention.projection', 'mlp.up', 'mlp.down'] : [],
    };
  },
};

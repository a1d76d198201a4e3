import { paperConfig } from '../paper-config.ts';
import { hubActivation } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { gptSizeNames, readSharedFields } from './shared-fields.ts';

/** GPT-2 and all that publishes in its layout: distilgpt2, DialoGPT, Cerebras-GPT. */
export const gpt2: ModelFamily = {
  architecture: 'gpt2',
  modelType: 'gpt2',
  classPrefixes: ['GPT2'],
  classes: [
    'LMHeadModel',
    'ForCausalLM',
    'Model',
    'ForSequenceClassification',
    'ForTokenClassification',
    'DoubleHeadsModel',
  ],
  tensorNames: {
    body: 'transformer.',
    blocks: 'h',
    modules: {
      tokenEmbedding: 'wte',
      positionEmbedding: 'wpe',
      norm1: 'ln_1',
      'attention.qkv': 'attn.c_attn',
      'attention.projection': 'attn.c_proj',
      norm2: 'ln_2',
      'mlp.up': 'mlp.c_fc',
      'mlp.down': 'mlp.c_proj',
      finalNorm: 'ln_f',
      head: 'lm_head',
    },
    heads: {
      'sequence-classification': 'score',
      'token-classification': 'classifier',
      'multiple-choice': 'multiple_choice_head.summary',
    },
    mayLackBiasesOf: ['linear', 'norm'],
    ignored: [],
    ignoredInBlock: ['attn.bias', 'attn.masked_bias'],
    conv1d: true,
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    const shared = readSharedFields(fields, gptSizeNames, [50256]);
    const { nLayer, nHead, nEmbd } = shared;
    // In exact arithmetic `reorder_and_upcast_attn` changes nothing, and we compute in f32 anyway.
    fields.flag('reorder_and_upcast_attn', false);
    const scale = fields.flag('scale_attn_weights', true) ? 1 / Math.sqrt(nEmbd / nHead) : 1;
    const byLayer = fields.flag('scale_attn_by_inverse_layer_idx', false);
    return {
      ...shared,
      ...paperConfig(shared),
      nInner: fields.optionalCount(['n_inner'], 'width') ?? 4 * nEmbd,
      activation: hubActivation('activation_function', fields.string('activation_function', 'gelu_new')),
      normPlacement: 'pre',
      finalNorm: true,
      attentionScale: Array.from({ length: nLayer }, (_, layer) => (byLayer ? scale / (layer + 1) : scale)),
    };
  },
};

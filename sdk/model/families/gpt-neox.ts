import type { ConfigFields } from './config-fields.ts';
import { readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import { positiveNumber } from './later-fields.ts';
import type { FamilyConfig, ModelFamily, RowRun } from './model-family.ts';
import { readRotary } from './rotary-fields.ts';

/** GPT-NeoX and Pythia: attention and feed-forward layer side by side, a quarter of each head turns. */
export const gptNeox: ModelFamily = {
  architecture: 'gpt-neox',
  modelType: 'gpt_neox',
  classPrefixes: ['GPTNeoX'],
  classes: decoderClasses,
  tensorNames: {
    ...decoderTensors,
    body: 'gpt_neox.',
    modules: {
      tokenEmbedding: 'embed_in',
      norm1: 'input_layernorm',
      'attention.qkv': 'attention.query_key_value',
      'attention.projection': 'attention.dense',
      norm2: 'post_attention_layernorm',
      'mlp.up': 'mlp.dense_h_to_4h',
      'mlp.down': 'mlp.dense_4h_to_h',
      finalNorm: 'final_layer_norm',
      head: 'embed_out',
    },
    otherNames: { lm_head: 'embed_out' },
    heads: { ...decoderTensors.heads, 'token-classification': 'classifier' },
    ignoredInBlock: ['attention.bias', 'attention.masked_bias', 'attention.rotary_emb.inv_freq'],
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readDecoder(fields, {
      epsilonName: 'layer_norm_eps',
      epsilon: 1e-5,
      activation: 'gelu',
      tiedHead: false,
      ropeBase: 10_000,
      bos: 0,
      eos: 2,
      readRotary: (_, context) =>
        readRotary(fields, { ...context, share: positiveNumber(fields, 'rotary_pct', 0.25) }, 'rotary_emb_base'),
    });
    return {
      ...decoder,
      gatedMlp: false,
      normKind: 'layer',
      parallelBlock: fields.flag('use_parallel_residual', true),
      biases: fields.flag('attention_bias', true)
        ? ['attention.qkv', 'attention.projection', 'mlp.up', 'mlp.down']
        : ['mlp.up', 'mlp.down'],
    };
  },
  rowRuns: ({ nHead, headSize }) => ({ 'attention.query_key_value': rowsByHead(nHead, headSize) }),
};

/** The file has a head's queries, keys and values beside each other, then those of the next head. */
function rowsByHead(nHead: number, headSize: number): RowRun[] {
  return Array.from({ length: 3 * nHead }, (_, i) => {
    const [head, part] = [Math.floor(i / 3), i % 3];
    return { from: i * headSize, step: 1, count: headSize, to: (part * nHead + head) * headSize };
  });
}

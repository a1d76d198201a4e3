import type { ClassEnd, TensorNames } from './model-family.ts';

/** The names that Llama's checkpoints give their tensors, and most families after it. */
export const decoderTensors: TensorNames = {
  body: 'model.',
  blocks: 'layers',
  modules: {
    tokenEmbedding: 'embed_tokens',
    norm1: 'input_layernorm',
    'attention.qkv': ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'],
    'attention.queryNorm': 'self_attn.q_norm',
    'attention.keyNorm': 'self_attn.k_norm',
    'attention.projection': 'self_attn.o_proj',
    norm2: 'post_attention_layernorm',
    'mlp.up': ['mlp.gate_proj', 'mlp.up_proj'],
    'mlp.down': 'mlp.down_proj',
    finalNorm: 'norm',
    head: 'lm_head',
  },
  heads: {
    'sequence-classification': 'score',
    'token-classification': 'score',
    'multiple-choice': 'score',
  },
  mayLackBiasesOf: [],
  ignored: ['rotary_emb.inv_freq'],
  ignoredInBlock: ['self_attn.rotary_emb.inv_freq'],
  conv1d: false,
};

/** How the names of its classes end. */
export const decoderClasses: readonly ClassEnd[] = [
  'ForCausalLM',
  'Model',
  'ForSequenceClassification',
  'ForTokenClassification',
];

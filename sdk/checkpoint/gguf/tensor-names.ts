/**
 * What GGUF files call the weights, by canonical name without `blocks.<i>.`, and without `.weight` or `.bias`. Each has one or
 * more ways to be stored, of which the first counts whose first tensor is there; a way of several tensors is their rows in order.
 */
export const ggufNames: Readonly<Record<string, readonly (readonly string[])[]>> = {
  tokenEmbedding: [['token_embd']],
  positionEmbedding: [['position_embd']],
  norm1: [['attn_norm']],
  'attention.qkv': [['attn_qkv'], ['attn_q', 'attn_k', 'attn_v']],
  'attention.queryNorm': [['attn_q_norm']],
  'attention.keyNorm': [['attn_k_norm']],
  'attention.projection': [['attn_output']],
  'convolution.in': [['shortconv.in_proj']],
  'convolution.kernel': [['shortconv.conv']],
  'convolution.out': [['shortconv.out_proj']],
  outputNorm1: [['post_attention_norm']],
  norm2: [['ffn_norm']],
  // Phi 3 holds both in one.
  'mlp.up': [['ffn_gate', 'ffn_up'], ['ffn_up']],
  'mlp.down': [['ffn_down']],
  outputNorm2: [['post_ffw_norm']],
  // LFM2's stands under a name that llama.cpp gave it by mistake, and kept.
  finalNorm: [['output_norm'], ['token_embd_norm']],
  head: [['output']],
};

/** Tensors that are no weights, whatever stands before them. */
export const isNoWeight = (name: string): boolean => /^rope_(freqs|factors_(long|short))\.weight$/.test(name);

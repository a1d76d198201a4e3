import { entry, GgufTensors, tokenizerEntries, writeGguf } from '../../cpu/peers/gguf-file.mjs';

/** How llama.cpp splits text of each architecture, and tokens that it or gemma-webgpu looks for by name. */
const tokenizers = {
  llama: { pre: 'smollm' },
  qwen3: { pre: 'qwen2' },
  gemma3: { pre: 'gpt-2', named: { 0: '<pad>', 1: '<eos>', 2: '<bos>', 105: '<start_of_turn>', 106: '<end_of_turn>' } },
};

/**
 * A shape's tensors with random weights; kind is q8_0 or q4_0. As in the files that llama.cpp's quantiser makes, the embedding
 * that is also the head is Q6_K in a q4_0 file, or Q8_0 where the width is no multiple of 256.
 */
export function ggufTensors(config, kind) {
  const { nEmbd: C, headSize, nInner, normPlacement } = config;
  const [A, K] = [config.nHead * headSize, config.nKvHead * headSize];
  const tensors = new GgufTensors();
  const embeddingKind = kind === 'q8_0' || C % 256 ? 'q8_0' : 'q6_k';
  tensors.matrix('token_embd.weight', config.vocabSize, C, embeddingKind);
  tensors.vector('output_norm.weight', C, 1);
  for (let i = 0; i < config.nLayer; i++) {
    const matrix = (name, rows, columns) => tensors.matrix(`blk.${i}.${name}.weight`, rows, columns, kind);
    const norm = (name, n = C) => tensors.vector(`blk.${i}.${name}.weight`, n, 1);
    norm('attn_norm');
    matrix('attn_q', A, C);
    matrix('attn_k', K, C);
    matrix('attn_v', K, C);
    if (config.queryKeyNorm === 'head') {
      norm('attn_q_norm', headSize);
      norm('attn_k_norm', headSize);
    }
    matrix('attn_output', C, A);
    if (normPlacement === 'sandwich') norm('post_attention_norm');
    norm('ffn_norm');
    matrix('ffn_gate', nInner, C);
    matrix('ffn_up', nInner, C);
    matrix('ffn_down', C, nInner);
    if (normPlacement === 'sandwich') norm('post_ffw_norm');
  }
  return tensors;
}

/** Writes {@link ggufTensors} as a model for wllama and gemma-webgpu. */
export function writeGgufModel(file, config, kind) {
  const { architecture, headSize } = config;
  const own = (key, type, value) => entry(`${architecture}.${key}`, type, value);
  const window = Math.max(...config.attentionWindow);
  const { pre, named } = tokenizers[architecture];
  const entries = [
    entry('general.architecture', 'string', architecture),
    entry('general.name', 'string', 'random weights'),
    entry('general.file_type', 'u32', kind === 'q8_0' ? 7 : 2),
    own('context_length', 'u32', config.nCtx),
    own('embedding_length', 'u32', config.nEmbd),
    own('feed_forward_length', 'u32', config.nInner),
    own('block_count', 'u32', config.nLayer),
    own('attention.head_count', 'u32', config.nHead),
    own('attention.head_count_kv', 'u32', config.nKvHead),
    own('attention.key_length', 'u32', headSize),
    own('attention.value_length', 'u32', headSize),
    own('attention.layer_norm_rms_epsilon', 'f32', config.normEpsilon),
    own('rope.dimension_count', 'u32', headSize),
    own('rope.freq_base', 'f32', Math.max(...config.rotary.map(({ base }) => base))),
    own('vocab_size', 'u32', config.vocabSize),
    ...(window > 0 ? [own('attention.sliding_window', 'u32', window)] : []),
    ...tokenizerEntries(config.vocabSize, pre, named),
  ];
  writeGguf(file, entries, ggufTensors(config, kind));
}

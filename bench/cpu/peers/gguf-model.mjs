import { entry, GgufTensors, tokenizerEntries, writeGguf } from './gguf-file.mjs';

// A GPT-2 in GGUF, for wllama (llama.cpp).

const [L, C, V, nCtx] = [12, 768, 50257, 1024];

/** Writes the model; kind is q8_0 or q4_0. */
export function writeGgufModel(file, kind) {
  const tensors = new GgufTensors();
  tensors.matrix('token_embd.weight', V, C, kind);
  tensors.matrix('position_embd.weight', nCtx, C, 'f32');
  tensors.vector('output_norm.weight', C, 1);
  tensors.vector('output_norm.bias', C, 0);
  for (let i = 0; i < L; i++) {
    const linear = (name, outputs, inputs) => {
      tensors.matrix(`blk.${i}.${name}.weight`, outputs, inputs, kind);
      tensors.vector(`blk.${i}.${name}.bias`, outputs, 0);
    };
    for (const name of ['attn_norm', 'ffn_norm']) {
      tensors.vector(`blk.${i}.${name}.weight`, C, 1);
      tensors.vector(`blk.${i}.${name}.bias`, C, 0);
    }
    linear('attn_qkv', 3 * C, C);
    linear('attn_output', C, C);
    linear('ffn_up', 4 * C, C);
    linear('ffn_down', C, 4 * C);
  }
  tensors.matrix('output.weight', V, C, kind);
  const entries = [
    entry('general.architecture', 'string', 'gpt2'),
    entry('general.name', 'string', 'random weights'),
    entry('gpt2.context_length', 'u32', nCtx),
    entry('gpt2.embedding_length', 'u32', C),
    entry('gpt2.feed_forward_length', 'u32', 4 * C),
    entry('gpt2.block_count', 'u32', L),
    entry('gpt2.attention.head_count', 'u32', 12),
    entry('gpt2.attention.layer_norm_epsilon', 'f32', 1e-5),
    entry('general.file_type', 'u32', kind === 'q8_0' ? 7 : 2),
    ...tokenizerEntries(V, 'gpt-2'),
  ];
  writeGguf(file, entries, tensors);
}

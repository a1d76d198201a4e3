import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repeat, writeParts } from '../cpu/peers/noise.mjs';
import { shapes } from './shapes.mjs';

const { config } = shapes['qwen3-0.6b'];

/** As the hub has it beside Qwen3-0.6B, as far as anything reads it. */
const published = {
  architectures: ['Qwen3ForCausalLM'],
  attention_bias: false,
  bos_token_id: 151_643,
  eos_token_id: 151_645,
  head_dim: config.headSize,
  hidden_act: 'silu',
  hidden_size: config.nEmbd,
  intermediate_size: config.nInner,
  max_position_embeddings: config.nCtx,
  max_window_layers: config.nLayer,
  model_type: 'qwen3',
  num_attention_heads: config.nHead,
  num_hidden_layers: config.nLayer,
  num_key_value_heads: config.nKvHead,
  rms_norm_eps: config.normEpsilon,
  rope_scaling: null,
  rope_theta: 1_000_000,
  sliding_window: null,
  tie_word_embeddings: true,
  torch_dtype: 'bfloat16',
  use_cache: true,
  use_sliding_window: false,
  vocab_size: config.vocabSize,
};

/**
 * Writes Qwen3-0.6B's folder, if it is not there, with seeded weights: 311 tensors in bf16, 1.5 GB as on the hub, because the
 * head that is tied to the embedding stands in the file a second time.
 */
export function writePublishedFolder(folder) {
  const file = join(folder, 'model.safetensors');
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(published, undefined, 2));
  const header = { __metadata__: { format: 'pt' } };
  const parts = [];
  const block = normalBlock();
  let end = 0;
  for (const [name, ...shape] of tensors().sort(([a], [b]) => (a < b ? -1 : 1))) {
    const begin = end;
    const bytes = 2 * shape.reduce((product, size) => product * size);
    end += bytes;
    header[name] = { dtype: 'BF16', shape, data_offsets: [begin, end] };
    parts.push(...(shape.length === 1 ? [ones(shape[0])] : repeat(block, bytes)));
  }
  // Padded as its makers' library does it, so that the data begin at a multiple of 8.
  const text = JSON.stringify(header);
  const head = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  writeParts(`${file}.part`, [length, head, ...parts]);
  renameSync(`${file}.part`, file);
}

/** Name and shape of every tensor. */
function tensors() {
  const { nEmbd: C, headSize, nInner, vocabSize } = config;
  const [A, K] = [config.nHead * headSize, config.nKvHead * headSize];
  const block = [
    ['input_layernorm', C],
    ['self_attn.q_proj', A, C],
    ['self_attn.k_proj', K, C],
    ['self_attn.v_proj', K, C],
    ['self_attn.q_norm', headSize],
    ['self_attn.k_norm', headSize],
    ['self_attn.o_proj', C, A],
    ['post_attention_layernorm', C],
    ['mlp.gate_proj', nInner, C],
    ['mlp.up_proj', nInner, C],
    ['mlp.down_proj', C, nInner],
  ];
  const layers = Array.from({ length: config.nLayer }, (_, layer) =>
    block.map(([name, ...shape]) => [`model.layers.${layer}.${name}.weight`, ...shape]),
  ).flat();
  return [
    ['model.embed_tokens.weight', vocabSize, C],
    ...layers,
    ['model.norm.weight', C],
    ['lm_head.weight', vocabSize, C],
  ];
}

/** 2 MB of bf16 with a normal spread of 0.02 (Box and Muller, 1958), always the same; used over and over. */
function normalBlock() {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return toBf16(
    Float32Array.from(
      { length: 1 << 20 },
      () => 0.02 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
    ),
  );
}

const ones = (n) => toBf16(new Float32Array(n).fill(1));

/** The upper halves of floats. */
function toBf16(floats) {
  const bits = new Uint32Array(floats.buffer);
  return Buffer.from(Uint16Array.from(bits, (each) => each >>> 16).buffer);
}

import type { ArchitectureFacts, RawConfig } from './architecture-facts.ts';
import { rotaryConfig } from './rotary-config.ts';

/** How the files of one of llama.cpp's architectures read. */
interface Architecture {
  /** What the hub's config of the model says, but for what all models have. */
  config(facts: ArchitectureFacts): RawConfig;
  /** Whether rows of queries and keys stand so that neighbouring values turn together, as llama.cpp's converter leaves them. */
  readonly neighbouringPairs?: boolean;
}

/** The sizes, by the names that all but the oldest families share. */
const sizes = ({ layers, width, heads, headSize, kvHeads, needed }: ArchitectureFacts): RawConfig => ({
  num_hidden_layers: layers,
  hidden_size: width,
  num_attention_heads: heads,
  num_key_value_heads: Math.max(...kvHeads),
  head_dim: headSize,
  intermediate_size: needed('feed_forward_length'),
  max_position_embeddings: needed('context_length'),
});

/** A model of Llama's kind: RMS norms, a gated feed-forward layer with SiLU. */
const llamaLike = (modelType: string, facts: ArchitectureFacts): RawConfig => ({
  model_type: modelType,
  ...sizes(facts),
  ...rotaryConfig(facts),
  rms_norm_eps: facts.needed('attention.layer_norm_rms_epsilon'),
  hidden_act: 'silu',
});

const gemmaLike = (modelType: string, facts: ArchitectureFacts): RawConfig => ({
  ...llamaLike(modelType, facts),
  hidden_act: 'gelu_pytorch_tanh',
  hidden_activation: 'gelu_pytorch_tanh',
});

/** Gemma's largest models divide scores by the width of the stream over the heads, all others by that of a head. */
const scoreScale = ({ layers, width, heads, headSize }: ArchitectureFacts, largest: number): number =>
  layers === largest ? width / heads : headSize;

/** By llama.cpp's names. Mistral's models are of 'llama' there, and their window is not kept. */
export const architectures: Readonly<Record<string, Architecture>> = {
  llama: {
    neighbouringPairs: true,
    config: (facts) => ({
      ...llamaLike('llama', facts),
      attention_bias: facts.holds('blk.0.attn_q.bias'),
      mlp_bias: facts.holds('blk.0.ffn_up.bias'),
    }),
  },
  smollm3: {
    neighbouringPairs: true,
    config: (facts) => ({
      ...llamaLike('smollm3', facts),
      // llama.cpp does not keep this in its files either.
      no_rope_layers: Array.from({ length: facts.layers }, (_, layer) => ((layer + 1) % 4 === 0 ? 0 : 1)),
    }),
  },
  qwen2: { config: (facts) => llamaLike('qwen2', facts) },
  qwen3: { config: (facts) => llamaLike('qwen3', facts) },
  olmo2: { config: (facts) => llamaLike('olmo2', facts) },
  gemma: { config: (facts) => gemmaLike('gemma', facts) },
  gemma2: {
    config: (facts) => ({
      ...gemmaLike('gemma2', facts),
      sliding_window: facts.number('attention.sliding_window') ?? 4096,
      attn_logit_softcapping: facts.number('attn_logit_softcapping') ?? 50,
      final_logit_softcapping: facts.number('final_logit_softcapping') ?? 30,
      query_pre_attn_scalar: scoreScale(facts, 46),
    }),
  },
  gemma3: {
    config: (facts) => ({
      ...gemmaLike('gemma3_text', facts),
      rope_theta: facts.number('rope.freq_base') ?? 1e6,
      rope_local_base_freq: facts.number('rope.freq_base_swa') ?? 1e4,
      sliding_window: facts.needed('attention.sliding_window'),
      layer_types: Array.from({ length: facts.layers }, (_, layer) =>
        (layer + 1) % 6 === 0 ? 'full_attention' : 'sliding_attention',
      ),
      query_pre_attn_scalar: scoreScale(facts, 62),
    }),
  },
  phi3: {
    config: (facts) => ({
      ...llamaLike('phi3', facts),
      original_max_position_embeddings:
        facts.number('rope.scaling.original_context_length') ?? facts.needed('context_length'),
      // Zero says that there is none.
      sliding_window: facts.number('attention.sliding_window') || null,
      partial_rotary_factor: (facts.number('rope.dimension_count') ?? facts.headSize) / facts.headSize,
    }),
  },
  lfm2: {
    config: (facts) => ({
      ...sizes(facts),
      ...rotaryConfig(facts),
      model_type: 'lfm2',
      norm_eps: facts.needed('attention.layer_norm_rms_epsilon'),
      block_auto_adjust_ff_dim: false,
      conv_L_cache: facts.needed('shortconv.l_cache'),
      conv_bias: facts.kvHeads.some((heads, layer) => heads === 0 && facts.holds(`blk.${layer}.shortconv.conv.bias`)),
      layer_types: facts.kvHeads.map((heads) => (heads === 0 ? 'conv' : 'full_attention')),
    }),
  },
  starcoder2: {
    config: (facts) => ({
      ...sizes(facts),
      ...rotaryConfig(facts),
      model_type: 'starcoder2',
      norm_epsilon: facts.needed('attention.layer_norm_epsilon'),
      hidden_act: 'gelu_pytorch_tanh',
      use_bias: true,
      sliding_window: null,
    }),
  },
  gptneox: {
    config: ({ layers, width, heads, headSize, number, needed, metadata }) => ({
      model_type: 'gpt_neox',
      num_hidden_layers: layers,
      hidden_size: width,
      num_attention_heads: heads,
      intermediate_size: needed('feed_forward_length'),
      max_position_embeddings: needed('context_length'),
      layer_norm_eps: needed('attention.layer_norm_epsilon'),
      hidden_act: 'gelu',
      rotary_pct: (number('rope.dimension_count') ?? headSize) / headSize,
      rotary_emb_base: number('rope.freq_base') ?? 1e4,
      use_parallel_residual: metadata.flag('gptneox.use_parallel_residual') ?? true,
    }),
  },
  gpt2: {
    config: ({ layers, width, heads, needed }) => ({
      model_type: 'gpt2',
      n_layer: layers,
      n_embd: width,
      n_head: heads,
      n_inner: needed('feed_forward_length'),
      n_positions: needed('context_length'),
      layer_norm_epsilon: needed('attention.layer_norm_epsilon'),
      activation_function: 'gelu_new',
    }),
  },
};

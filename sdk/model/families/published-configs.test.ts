import { describe, expect, it } from 'vitest';
import { createReferenceEngineBuilder } from '../../backends/reference/index.ts';
import { createWasmEngineBuilder } from '../../backends/wasm/index.ts';
import { buildEngine, largestDifference, randomTensors } from '../../backends/wasm/testing/random-model.ts';
import type { ModelConfig } from '../config.ts';
import { weightShapes } from '../weight-shapes.ts';
import { type RawConfig, type ReadConfig, readConfig } from './read-config.ts';

const paperConfigOf = (raw: RawConfig): ModelConfig => (readConfig(raw) as ReadConfig).config;

const parameters = (config: ModelConfig): number =>
  weightShapes(config)
    // GPT-Neo has no biases for queries, keys and values.
    .filter(({ name }) => !(config.architecture === 'gpt-neo' && name.endsWith('qkv.bias')))
    .reduce((sum, { rows, columns }) => sum + rows * columns, 0);

const summary = {
  summary_activation: null,
  summary_first_dropout: 0.1,
  summary_proj_to_labels: true,
  summary_type: 'cls_index',
  summary_use_proj: true,
};
/** What OpenAI's sizes of GPT-2 and their descendants have in common. */
const gpt2 = {
  activation_function: 'gelu_new',
  architectures: ['GPT2LMHeadModel'],
  attn_pdrop: 0.1,
  bos_token_id: 50256,
  embd_pdrop: 0.1,
  eos_token_id: 50256,
  initializer_range: 0.02,
  layer_norm_epsilon: 1e-5,
  model_type: 'gpt2',
  n_ctx: 1024,
  n_positions: 1024,
  resid_pdrop: 0.1,
  ...summary,
  task_specific_params: { 'text-generation': { do_sample: true, max_length: 50 } },
  vocab_size: 50257,
};
const cerebras = {
  ...gpt2,
  activation_function: 'gelu',
  n_ctx: undefined,
  n_positions: 2048,
  reorder_and_upcast_attn: false,
  scale_attn_by_inverse_layer_idx: false,
  scale_attn_weights: true,
  use_cache: true,
  torch_dtype: 'float32',
  transformers_version: '4.20.1',
};
const neo = {
  activation_function: 'gelu_new',
  architectures: ['GPTNeoForCausalLM'],
  attention_dropout: 0,
  bos_token_id: 50256,
  embed_dropout: 0,
  eos_token_id: 50256,
  gradient_checkpointing: false,
  initializer_range: 0.02,
  intermediate_size: null,
  layer_norm_epsilon: 1e-5,
  max_position_embeddings: 2048,
  model_type: 'gpt_neo',
  resid_dropout: 0,
  ...summary,
  tokenizer_class: 'GPT2Tokenizer',
  use_cache: true,
  vocab_size: 50257,
  window_size: 256,
};
const alternating = (nLayer: number) => ({
  attention_types: [[['global', 'local'], nLayer / 2]],
  attention_layers: Array.from({ length: nLayer }, (_, layer) => (layer % 2 ? 'local' : 'global')),
});

describe('configs as they are published', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['gpt2', { ...gpt2, n_layer: 12, n_head: 12, n_embd: 768 }, 124_439_808],
    ['gpt2-medium, DialoGPT-medium', { ...gpt2, n_layer: 24, n_head: 16, n_embd: 1024 }, 354_823_168],
    ['gpt2-large', { ...gpt2, n_layer: 36, n_head: 20, n_embd: 1280 }, 774_030_080],
    ['gpt2-xl', { ...gpt2, n_layer: 48, n_head: 25, n_embd: 1600, output_past: true }, 1_557_611_200],
    [
      'distilgpt2',
      {
        ...gpt2,
        _num_labels: 1,
        id2label: { 0: 'LABEL_0' },
        label2id: { LABEL_0: 0 },
        n_layer: 6,
        n_head: 12,
        n_embd: 768,
      },
      81_912_576,
    ],
    ['Cerebras-GPT-111M', { ...cerebras, n_layer: 10, n_head: 12, n_embd: 768, n_inner: 3072 }, 111_050_496],
    ['Cerebras-GPT-590M', { ...cerebras, n_layer: 18, n_head: 12, n_embd: 1536, n_inner: 6144 }, 590_310_912],
    [
      'openai-gpt',
      {
        afn: 'gelu',
        architectures: ['OpenAIGPTLMHeadModel'],
        attn_pdrop: 0.1,
        embd_pdrop: 0.1,
        initializer_range: 0.02,
        layer_norm_epsilon: 1e-5,
        model_type: 'openai-gpt',
        n_ctx: 512,
        n_embd: 768,
        n_head: 12,
        n_layer: 12,
        n_positions: 512,
        n_special: 0,
        predict_special_tokens: true,
        resid_pdrop: 0.1,
        ...summary,
        vocab_size: 40478,
      },
      116_534_784,
    ],
    ['gpt-neo-125m', { ...neo, ...alternating(12), num_layers: 12, num_heads: 12, hidden_size: 768 }, 125_198_592],
    ['gpt-neo-1.3B', { ...neo, ...alternating(24), num_layers: 24, num_heads: 16, hidden_size: 2048 }, 1_315_575_808],
    ['gpt-neo-2.7B', { ...neo, ...alternating(32), num_layers: 32, num_heads: 20, hidden_size: 2560 }, 2_651_307_520],
  ])('%s is understood, down to the number of its parameters', (_, raw, count) => {
    expect(parameters(paperConfigOf(JSON.parse(JSON.stringify(raw))))).toBe(count);
  });
});

/**
 * The sizes of GPT-3: Brown et al. 2020, table 2.1; contexts of 2048, feed-forward layers of 4 · width. In three rows
 * heads times their size is not the width that the table gives (1.3B has 24 · 128 and 2048); the nearest shape that is
 * one stands for them: 16 heads, as GPT-Neo has, and a width of 5120.
 */
const gpt3Sizes = [
  { name: '125M', nLayer: 12, nHead: 12, headSize: 64, millions: 125 },
  { name: '350M', nLayer: 24, nHead: 16, headSize: 64, millions: 356 },
  { name: '760M', nLayer: 24, nHead: 16, headSize: 96, millions: 760 },
  { name: '1.3B', nLayer: 24, nHead: 16, headSize: 128, millions: 1316 },
  { name: '2.7B', nLayer: 32, nHead: 32, headSize: 80, millions: 2651 },
  { name: '6.7B', nLayer: 32, nHead: 32, headSize: 128, millions: 6658 },
  { name: '13B', nLayer: 40, nHead: 40, headSize: 128, millions: 12_853 },
  { name: '175B', nLayer: 96, nHead: 96, headSize: 128, millions: 174_601 },
];

/** Its attention: dense layers, banded ones, and the two in turn, which is what the paper's models have. */
const patterns = { dense: ['global'], banded: ['local'], alternating: ['global', 'local'] };

const gpt3Config = ({ nLayer, nHead, headSize }: (typeof gpt3Sizes)[number], pattern: string[]): ModelConfig =>
  paperConfigOf({
    ...neo,
    num_layers: nLayer,
    num_heads: nHead,
    hidden_size: nHead * headSize,
    attention_types: [[pattern, nLayer / pattern.length]],
  });

describe('GPT-3', () => {
  it.each(gpt3Sizes)('$name has $millions million parameters', (size) => {
    expect(Math.round(parameters(gpt3Config(size, patterns.alternating)) / 1e6)).toBe(size.millions);
  });

  describe.each(Object.entries(patterns))('with %s attention', (_, pattern) => {
    it.each(gpt3Sizes)('$name computes at reduced width what the plain engine does, to 1e-4', async (size) => {
      // All heads, but of width 2, at most 12 layers, and bands of 3 tokens, so that they cut.
      const nLayer = Math.min(size.nLayer, 12);
      const config: ModelConfig = {
        ...gpt3Config({ ...size, nLayer, headSize: 2 }, pattern),
        vocabSize: 50,
        nCtx: 16,
        attentionWindow: Array.from({ length: nLayer }, (_, i) => (pattern[i % pattern.length] === 'local' ? 3 : 0)),
        eosTokenIds: [],
      };
      const tensors = randomTensors(config, 3);
      const ids = Uint32Array.from([7, 1, 30, 4, 49, 0, 12]);
      const engines = [createWasmEngineBuilder, createReferenceEngineBuilder];
      const [found, wanted] = await Promise.all(
        engines.map(async (create) => {
          const engine = await buildEngine(create, config, tensors, { dtype: 'f32' });
          return (await engine.forward(ids, 0, { logits: 'all' })).logits as Float32Array;
        }),
      );
      expect(largestDifference(found, wanted)).toBeLessThan(1e-4);
    });
  });
});

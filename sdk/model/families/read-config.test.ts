import { describe, expect, it } from 'vitest';
import { paperConfig } from '../paper-config.ts';
import { type RawConfig, type ReadConfig, readConfig as readPaperConfig } from './read-config.ts';
import { readLaterConfig } from './read-later-config.ts';

const readConfig = (raw: RawConfig): ReadConfig => readPaperConfig(raw) ?? readLaterConfig(raw);

const gpt2 = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  model_type: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  n_layer: 2,
  n_head: 2,
  n_embd: 8,
  n_positions: 16,
  vocab_size: 50257,
  ...change,
});
const neo = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  model_type: 'gpt_neo',
  architectures: ['GPTNeoForCausalLM'],
  num_layers: 4,
  num_heads: 2,
  hidden_size: 8,
  max_position_embeddings: 32,
  vocab_size: 100,
  attention_types: [[['global', 'local'], 2]],
  window_size: 8,
  ...change,
});

describe('config.json', () => {
  it('of GPT-2, with everything at its default', () => {
    expect(readConfig(gpt2()).config).toEqual({
      ...paperConfig({ nLayer: 2, nHead: 2, nEmbd: 8, nCtx: 16 }),
      architecture: 'gpt2',
      nLayer: 2,
      nHead: 2,
      nEmbd: 8,
      nInner: 32,
      nCtx: 16,
      vocabSize: 50257,
      activation: 'gelu_new',
      normEpsilon: 1e-5,
      normPlacement: 'pre',
      finalNorm: true,
      attentionWindow: [0, 0],
      attentionScale: [0.5, 0.5],
      tiedHead: true,
      bosTokenId: 50256,
      eosTokenIds: [50256],
      padTokenId: undefined,
    });
  });

  it.each<[Record<string, unknown>, Record<string, unknown>]>([
    [{ scale_attn_weights: false }, { attentionScale: [1, 1] }],
    [{ scale_attn_by_inverse_layer_idx: true }, { attentionScale: [0.5, 0.25] }],
    [
      {
        reorder_and_upcast_attn: true,
        attn_pdrop: 0.1,
        embd_pdrop: 0.1,
        use_cache: true,
        _name_or_path: 'x',
        torch_dtype: 'float32',
      },
      { attentionScale: [0.5, 0.5] },
    ],
    [{ activation_function: 'gelu' }, { activation: 'gelu' }],
    [{ activation_function: 'gelu_fast' }, { activation: 'gelu_new' }],
    [{ activation_function: 'swish' }, { activation: 'silu' }],
    [{ n_inner: 20 }, { nInner: 20 }],
    [
      { tie_word_embeddings: false, layer_norm_epsilon: 1e-3 },
      { tiedHead: false, normEpsilon: 1e-3 },
    ],
    [
      { eos_token_id: [3, 4], pad_token_id: 0, bos_token_id: null },
      { eosTokenIds: [3, 4], padTokenId: 0, bosTokenId: undefined },
    ],
    [
      { pad_token_id: -1, vocab_size: 90 },
      { padTokenId: undefined, eosTokenIds: [] },
    ],
    [
      { architectures: ['GPT2ForSequenceClassification'], tie_word_embeddings: false },
      { tiedHead: true, head: { kind: 'sequence-classification', labels: ['LABEL_0', 'LABEL_1'], bias: false } },
    ],
    [
      { architectures: ['GPT2ForTokenClassification'], id2label: { 1: 'B', 0: 'O' } },
      { head: { kind: 'token-classification', labels: ['O', 'B'], bias: true } },
    ],
    [{ architectures: ['GPT2DoubleHeadsModel'] }, { head: { kind: 'multiple-choice', labels: ['score'], bias: true } }],
  ])('understands %j', (change, expected) => {
    expect(readConfig(gpt2(change)).config).toMatchObject(expected);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'an unknown model',
      { model_type: 'bloom' },
      'UNSUPPORTED_MODEL',
      /"bloom"\. gptlet runs 'gpt2', 'openai-gpt', 'gpt_neo', 'llama'/,
    ],
    ['no model_type', { model_type: undefined }, 'UNSUPPORTED_MODEL', /absent/],
    ['another head', { architectures: ['GPT2ForQuestionAnswering'] }, 'UNSUPPORTED_MODEL', /GPT2ForQuestionAnswering/],
    ['an unknown activation', { activation_function: 'quick_gelu' }, 'UNSUPPORTED_MODEL', /quick_gelu/],
    ['a name of Object.prototype as activation', { activation_function: 'toString' }, 'UNSUPPORTED_MODEL', /toString/],
    ['cross attention', { add_cross_attention: true }, 'UNSUPPORTED_MODEL', /add_cross_attention/],
    ['pruned heads', { pruned_heads: { 0: [1] } }, 'UNSUPPORTED_MODEL', /pruned_heads/],
    ['quantised weights', { quantization_config: { bits: 4 } }, 'UNSUPPORTED_MODEL', /quantization_config/],
    ['a flag that nobody knows', { use_rotary: true }, 'UNSUPPORTED_MODEL', /use_rotary = true/],
    ['no width', { n_embd: undefined }, 'BAD_CHECKPOINT', /lacks n_embd/],
    ['layers that are text', { n_layer: '2' }, 'BAD_CHECKPOINT', /n_layer is "2"/],
    ['a billion layers', { n_layer: 1e9 }, 'BAD_CHECKPOINT', /n_layer is 1000000000/],
    ['no heads', { n_head: 0 }, 'BAD_CHECKPOINT', /n_head is 0/],
    ['heads that do not divide the width', { n_head: 3 }, 'BAD_CHECKPOINT', /8 is not divisible by the 3/],
    ['an epsilon below 0', { layer_norm_epsilon: -1 }, 'BAD_CHECKPOINT', /layer_norm_epsilon is -1/],
    ['a flag that is text', { tie_word_embeddings: 'no' }, 'BAD_CHECKPOINT', /tie_word_embeddings is "no"/],
    ['two widths', { hidden_size: 16 }, 'BAD_CHECKPOINT', /contradicts itself/],
    [
      'labels with a gap',
      { architectures: ['GPT2ForSequenceClassification'], id2label: { 0: 'a', 2: 'c' } },
      'BAD_CHECKPOINT',
      /id2label/,
    ],
  ])('refuses %s', (_, change, code, message) => {
    expect(() => readConfig(gpt2(change))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('of GPT-Neo: windows by layer, no scaling', () => {
    expect(readConfig(neo()).config).toMatchObject({
      attentionWindow: [0, 8, 0, 8],
      attentionScale: [1, 1, 1, 1],
      nInner: 32,
      eosTokenIds: [],
    });
    const written = neo({
      attention_types: undefined,
      attention_layers: ['local', 'global', 'global', 'local'],
      window_size: 5,
    });
    expect(readConfig(written).config.attentionWindow).toEqual([5, 0, 0, 5]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['types for another number of layers', { attention_types: [[['global', 'local'], 3]] }],
    ['types without end', { attention_types: [[['global'], 1e15]] }],
    ['types of an empty pattern without end', { attention_types: [[[], 1e15]] }],
    ['an unknown kind', { attention_types: [[['sparse'], 4]] }],
    ['neither', { attention_types: null }],
    ['two that contradict', { attention_layers: ['local', 'local', 'local', 'local'] }],
    ['a window of 0', { window_size: 0 }],
  ])('of GPT-Neo: refuses %s', (_, change) => {
    expect(() => readConfig(neo(change))).toThrow(expect.objectContaining({ code: 'BAD_CHECKPOINT' }));
  });

  it('of GPT (2018): its "gelu" is the tanh approximation', () => {
    const raw = {
      model_type: 'openai-gpt',
      architectures: ['OpenAIGPTLMHeadModel'],
      n_layer: 1,
      n_head: 1,
      n_embd: 8,
      n_positions: 16,
      vocab_size: 100,
      afn: 'gelu',
      n_special: 0,
      predict_special_tokens: true,
    };
    expect(readConfig(raw).config).toMatchObject({
      activation: 'gelu_new',
      normPlacement: 'post',
      finalNorm: false,
      eosTokenIds: [],
    });
  });
});

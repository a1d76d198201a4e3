import { describe, expect, it } from 'vitest';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../config.ts';
import { weightShapes } from '../weight-shapes.ts';
import { readLaterConfig } from './read-later-config.ts';
import * as published from './testing/published-configs.ts';

const parameters = (config: ModelConfig): number =>
  weightShapes(config)
    // GPT-J's norm is one weight in its file, and stands for two here.
    .filter(({ name }) => !(config.architecture === 'gpt-j' && name.includes('norm2')))
    .reduce((sum, { rows, columns }) => sum + rows * columns, 0);

const configOf = (raw: Readonly<Record<string, unknown>>): ModelConfig =>
  readLaterConfig(JSON.parse(JSON.stringify(raw))).config;

const times = <V>(count: number, value: V): V[] => new Array<V>(count).fill(value);

/** What a decoder has that does nothing unusual. */
const usual = {
  gatedMlp: true,
  activation: 'silu',
  normKind: 'rms',
  normPlacement: 'pre',
  parallelBlock: false,
  queryKeyNorm: 'none',
  finalNorm: true,
  learnedPositions: 0,
  convolutionSize: 0,
  attentionSoftCap: 0,
  embeddingScale: 1,
  logitScale: 1,
  logitSoftCap: 0,
  biases: [],
};

describe('published configs', () => {
  // Parameters as their repositories or those who loaded them count them.
  it.each<[string, Readonly<Record<string, unknown>>, number]>([
    ['SmolLM2-135M', published.smolLm2, 134_515_008],
    ['Llama-3.2-1B', published.llama32, 1_235_814_400],
    ['Mistral-7B-v0.1', published.mistral, 7_241_732_096],
    ['Qwen2.5-0.5B', published.qwen25, 494_032_768],
    ['Qwen3-0.6B', published.qwen3, 596_049_920],
    ['SmolLM3-3B', published.smolLm3, 3_075_098_624],
    ['gemma-2b', published.gemma, 2_506_172_416],
    ['gemma-2-2b', published.gemma2, 2_614_341_888],
    ['gemma-3-270m', published.gemma3, 268_098_176],
    ['OLMo-2-0425-1B', published.olmo2, 1_484_916_736],
    ['Phi-3-mini-4k-instruct', published.phi3, 3_821_079_552],
    ['LFM2-350M', published.lfm2, 354_483_968],
    ['pythia-160m', published.pythia, 162_322_944],
    ['gpt-j-6b', published.gptJ, 6_050_882_784],
  ])('%s has as many parameters as published', (_, raw, count) => {
    expect(parameters(configOf(raw))).toBe(count);
  });

  it('StarCoder2-3B has as many as its name says, which is all that was found of them', () => {
    expect(Math.round(parameters(configOf(published.starcoder2)) / 1e9)).toBe(3);
  });

  it('of Llama 3.2', () => {
    const scaling = {
      kind: 'llama3',
      factor: 32,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContext: 8192,
    };
    expect(configOf(published.llama32)).toEqual({
      ...usual,
      architecture: 'llama',
      nLayer: 16,
      nHead: 32,
      nKvHead: 8,
      headSize: 64,
      nEmbd: 2048,
      nInner: 8192,
      nCtx: 131072,
      vocabSize: 128256,
      normEpsilon: 1e-5,
      rotary: times(16, { size: 64, base: 500000, scaling }),
      blockKind: times(16, 'attention'),
      attentionWindow: times(16, 0),
      attentionScale: times(16, 1 / 8),
      tiedHead: true,
      bosTokenId: 128000,
      eosTokenIds: [128001],
      padTokenId: undefined,
    });
  });

  it('of Mistral: a window in every layer', () => {
    expect(configOf(published.mistral)).toMatchObject({ ...usual, attentionWindow: times(32, 4096), tiedHead: false });
  });

  it('of Qwen2.5: biases for queries, keys and values', () => {
    expect(configOf(published.qwen25)).toMatchObject({
      ...usual,
      headSize: 64,
      attentionWindow: times(24, 0),
      biases: ['attention.qkv'],
      rotary: times(24, { size: 64, base: 1e6 }),
    });
  });

  it('of Qwen3: heads that are wider together than the stream, normed each', () => {
    expect(configOf(published.qwen3)).toMatchObject({
      ...usual,
      nEmbd: 1024,
      nHead: 16,
      headSize: 128,
      queryKeyNorm: 'head',
      attentionScale: times(28, 1 / Math.sqrt(128)),
    });
  });

  it('of SmolLM3: every fourth layer does not turn', () => {
    const { rotary, ...config } = configOf(published.smolLm3);
    expect(config).toMatchObject({ ...usual, tiedHead: true, bosTokenId: undefined, eosTokenIds: [128012] });
    expect(rotary.flatMap((turn, layer) => (turn ? [] : [layer]))).toEqual([3, 7, 11, 15, 19, 23, 27, 31, 35]);
    expect(rotary[0]).toEqual({ size: 128, base: 5e6 });
  });

  const gemmas = { ...usual, activation: 'gelu_new', tiedHead: true, bosTokenId: 2, eosTokenIds: [1], padTokenId: 0 };

  it('of the first Gemma: "gelu" is its tanh approximation', () => {
    expect(configOf(published.gemma)).toMatchObject({ ...gemmas, headSize: 256, embeddingScale: Math.sqrt(2048) });
  });

  it('of Gemma 2: four norms, caps, a window in every other layer', () => {
    expect(configOf(published.gemma2)).toMatchObject({
      ...gemmas,
      normPlacement: 'sandwich',
      embeddingScale: 48,
      attentionScale: times(26, 1 / 16),
      attentionSoftCap: 50,
      logitSoftCap: 30,
      attentionWindow: times(13, [4096, 0]).flat(),
    });
  });

  it('of Gemma 3: five layers with a window, and a base of their own, to each without', () => {
    const [local, global] = [10_000, 1_000_000].map((base) => ({ size: 256, base }));
    expect(configOf(published.gemma3)).toMatchObject({
      ...gemmas,
      normPlacement: 'sandwich',
      queryKeyNorm: 'head',
      embeddingScale: Math.sqrt(640),
      attentionWindow: times(3, [...times(5, 512), 0]).flat(),
      rotary: times(3, [...times(5, local), global]).flat(),
    });
  });

  it('of OLMo 2: norms of what sub-layers give, queries and keys normed together', () => {
    expect(configOf(published.olmo2)).toMatchObject({
      ...usual,
      normPlacement: 'output',
      queryKeyNorm: 'joint',
      tiedHead: false,
      bosTokenId: undefined,
    });
  });

  it('of Phi-3 and Phi-4: the own code of their repositories is what the hub has', () => {
    expect(configOf(published.phi3)).toMatchObject({ ...usual, attentionWindow: times(32, 2047), tiedHead: false });
    const scaling = {
      kind: 'longrope',
      longFactors: Array.from({ length: 48 }, (_, i) => 1 + i),
      // sqrt(1 + ln(131072 / 4096) / ln 4096)
      attentionFactor: Math.sqrt(1 + 5 / 12),
    };
    const config = configOf(published.phi4);
    expect(config).toMatchObject({ headSize: 128, nKvHead: 8, tiedHead: true, attentionWindow: times(32, 0) });
    expect(config.rotary[31]).toMatchObject({
      size: 96,
      base: 10_000,
      scaling: { ...scaling, attentionFactor: expect.closeTo(scaling.attentionFactor, 12) },
    });
  });

  it('of LFM2: convolutions, attention in six layers, a feed-forward layer of two thirds', () => {
    const attending = [2, 5, 8, 10, 12, 14];
    const layers = Array.from({ length: 16 }, (_, layer) => attending.includes(layer));
    expect(configOf(published.lfm2)).toMatchObject({
      ...usual,
      nInner: 4608,
      convolutionSize: 3,
      queryKeyNorm: 'head',
      blockKind: layers.map((attends) => (attends ? 'attention' : 'convolution')),
      rotary: layers.map((attends) => (attends ? { size: 64, base: 1e6 } : null)),
      tiedHead: true,
      eosTokenIds: [7],
    });
  });

  const papers = { ...usual, gatedMlp: false, normKind: 'layer' };

  it('of Pythia: parallel, a quarter of each head turns', () => {
    expect(configOf(published.pythia)).toMatchObject({
      ...papers,
      activation: 'gelu',
      parallelBlock: true,
      rotary: times(12, { size: 16, base: 10_000 }),
      biases: ['attention.qkv', 'attention.projection', 'mlp.up', 'mlp.down'],
      tiedHead: false,
    });
  });

  it('of GPT-J: parallel, 64 of 256 values turn, the head has a bias', () => {
    expect(configOf(published.gptJ)).toMatchObject({
      ...papers,
      activation: 'gelu_new',
      parallelBlock: true,
      nInner: 16384,
      rotary: times(28, { size: 64, base: 10_000 }),
      biases: ['mlp.up', 'mlp.down', 'head'],
      tiedHead: false,
    });
  });

  it('of StarCoder2: biases everywhere, a window', () => {
    expect(configOf(published.starcoder2)).toMatchObject({
      ...papers,
      activation: 'gelu_new',
      nKvHead: 2,
      attentionWindow: times(30, 4096),
      biases: ['attention.qkv', 'attention.projection', 'mlp.up', 'mlp.down'],
      tiedHead: true,
    });
  });
});

describe('a config.json of transformers 5', () => {
  const { rope_theta: base, rope_scaling: scaling, torch_dtype: dtype, ...rest } = published.llama32;

  it('has all about rotary positions in one place', () => {
    const newer = { ...rest, dtype, rope_parameters: { ...(scaling as object), rope_theta: base } };
    expect(configOf(newer)).toEqual(configOf(published.llama32));
    expect(configOf({ ...rest, rope_parameters: { rope_theta: 7, rope_type: 'default' } }).rotary[0]).toEqual({
      size: 64,
      base: 7,
    });
  });

  it('has it by kind of layer in Gemma 3', () => {
    const { rope_theta: _, rope_local_base_freq: __, rope_scaling: ___, ...gemma } = published.gemma3;
    const linear = { rope_type: 'linear', factor: 8, rope_theta: 1e6 };
    const older = { ...published.gemma3, rope_scaling: { rope_type: 'linear', factor: 8 } };
    const newer = {
      ...gemma,
      rope_parameters: { full_attention: linear, sliding_attention: { rope_type: 'default', rope_theta: 1e4 } },
    };
    expect(configOf(newer)).toEqual(configOf(older));
    expect(configOf(newer).rotary[5]).toEqual({ size: 256, base: 1e6, scaling: { kind: 'linear', factor: 8 } });
  });

  it('says how much of a head turns there, in GPT-NeoX and Phi', () => {
    const { rotary_pct: _, rotary_emb_base: __, ...neox } = published.pythia;
    const newer = {
      ...neox,
      rope_parameters: { partial_rotary_factor: 0.25, rope_theta: 10_000, rope_type: 'default' },
    };
    expect(configOf(newer)).toEqual(configOf(published.pythia));
  });
});

describe('rotary scaling', () => {
  const scaled = (scaling: object, more: object = {}) =>
    configOf({ ...published.llama32, rope_scaling: scaling, max_position_embeddings: 32768, ...more }).rotary[0]
      ?.scaling;

  it('of the kind "dynamic" changes nothing within the context', () => {
    expect(scaled({ type: 'dynamic', factor: 2 })).toBeUndefined();
  });

  it('may be called by its older name', () => {
    expect(scaled({ type: 'linear', factor: 4 })).toEqual({ kind: 'linear', factor: 4 });
    expect(scaled({ type: 'linear', rope_type: 'linear', factor: 4 })).toEqual({ kind: 'linear', factor: 4 });
  });

  it('of the kind "yarn" has its defaults from the paper and the hub', () => {
    const yarn = { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 8192 };
    const usualYarn = {
      kind: 'yarn',
      factor: 4,
      originalContext: 8192,
      betaFast: 32,
      betaSlow: 1,
      attentionFactor: 0.1 * Math.log(4) + 1,
      truncate: true,
    };
    expect(scaled(yarn)).toEqual(usualYarn);
    expect(scaled({ ...yarn, original_max_position_embeddings: null })).toMatchObject({ originalContext: 32768 });
    const own = { beta_fast: 16, beta_slow: 2, attention_factor: 1.5, truncate: false };
    expect(scaled({ ...yarn, ...own })).toMatchObject({
      betaFast: 16,
      betaSlow: 2,
      attentionFactor: 1.5,
      truncate: false,
    });
    const ratio = (0.1 * 2 * Math.log(4) + 1) / (0.1 * 0.5 * Math.log(4) + 1);
    expect(scaled({ ...yarn, mscale: 2, mscale_all_dim: 0.5 })).toMatchObject({ attentionFactor: ratio });
    expect(scaled({ ...yarn, factor: 1 })).toMatchObject({ attentionFactor: 1 });
  });

  it('of the kind "longrope" has factors for short and for long contexts', () => {
    const [short, long] = [times(32, 1), times(32, 2)];
    const longrope = {
      rope_type: 'longrope',
      short_factor: short,
      long_factor: long,
      original_max_position_embeddings: 32768,
    };
    const lists = { kind: 'longrope', shortFactors: short, longFactors: long, originalContext: 32768 };
    expect(scaled(longrope)).toEqual({ ...lists, attentionFactor: 1 });
    expect(scaled(longrope, { max_position_embeddings: 65536 })).toMatchObject(lists);
  });

  it.each(['su', 'yarn'])('called %s by the first Phi-3 with a long context is "longrope"', (type) => {
    const factors = { short_factor: times(48, 1), long_factor: times(48, 3) };
    const raw = { ...published.phi3, max_position_embeddings: 131072, rope_scaling: { ...factors, type } };
    expect(configOf(raw).rotary[0]?.scaling).toMatchObject({
      kind: 'longrope',
      longFactors: factors.long_factor,
    });
  });
});

describe('keys that are absent', () => {
  const without = (raw: Readonly<Record<string, unknown>>, ...names: string[]): ModelConfig =>
    configOf(Object.fromEntries(Object.entries(raw).filter(([name]) => !names.includes(name))));

  it("mean what the hub's class of the family fills in", () => {
    expect(without(published.mistral, 'sliding_window', 'num_key_value_heads')).toMatchObject({
      attentionWindow: times(32, 4096),
      nKvHead: 8,
    });
    expect(configOf({ ...published.mistral, sliding_window: null, num_key_value_heads: null })).toMatchObject({
      attentionWindow: times(32, 0),
      nKvHead: 32,
    });
    expect(without(published.llama32, 'num_key_value_heads', 'head_dim', 'rope_theta', 'rope_scaling')).toMatchObject({
      nKvHead: 32,
      headSize: 64,
      rotary: times(16, { size: 64, base: 10_000 }),
    });
    expect(without(published.qwen3, 'head_dim').headSize).toBe(128);
    expect(
      without(published.gemma2, 'attn_logit_softcapping', 'final_logit_softcapping', 'query_pre_attn_scalar'),
    ).toMatchObject({
      attentionSoftCap: 50,
      logitSoftCap: 30,
      attentionScale: times(26, 1 / 16),
    });
    expect(configOf({ ...published.gemma2, attn_logit_softcapping: null }).attentionSoftCap).toBe(0);
    expect(without(published.gemma3, 'layer_types')).toEqual(configOf(published.gemma3));
    expect(without(published.smolLm3, 'no_rope_layers', 'layer_types')).toEqual(configOf(published.smolLm3));
    expect(without(published.olmo2, 'rms_norm_eps').normEpsilon).toBe(1e-5);
    expect(without(published.lfm2, 'full_attn_idxs').blockKind).toEqual(times(16, 'attention'));
    expect(without(published.pythia, 'rotary_pct').rotary[0]).toEqual({ size: 16, base: 10_000 });
    expect(without(published.starcoder2, 'sliding_window', 'rope_theta')).toMatchObject({
      attentionWindow: times(30, 0),
    });
  });

  it('but sizes must be there', () => {
    for (const name of ['hidden_size', 'num_hidden_layers', 'num_attention_heads', 'intermediate_size', 'vocab_size']) {
      expect(() => without(published.llama32, name), name).toThrow(
        expect.objectContaining({ code: 'BAD_CHECKPOINT', message: expect.stringContaining(`lacks ${name}`) }),
      );
    }
  });
});

describe('windows', () => {
  it('of Qwen are from max_window_layers on, where they are used', () => {
    const windowed = { ...published.qwen25, use_sliding_window: true, sliding_window: 1024, max_window_layers: 20 };
    expect(configOf(windowed).attentionWindow).toEqual([...times(20, 0), ...times(4, 1024)]);
    const types = Array.from({ length: 24 }, (_, layer) => (layer === 1 ? 'sliding_attention' : 'full_attention'));
    expect(configOf({ ...windowed, layer_types: types }).attentionWindow).toEqual([0, 1024, ...times(22, 0)]);
    expect(configOf({ ...windowed, use_sliding_window: false, layer_types: types }).attentionWindow).toEqual(
      times(24, 0),
    );
  });

  it('as long as the context are none', () => {
    expect(configOf({ ...published.mistral, sliding_window: 32768 }).attentionWindow).toEqual(times(32, 0));
  });
});

it('what only tools left in it changes nothing', () => {
  const left = { unsloth_fixed: true, unsloth_version: '2025.9', _attn_implementation_autoset: true };
  expect(configOf({ ...published.gemma3, ...left })).toEqual(configOf(published.gemma3));
});

describe('LFM2.5', () => {
  it('says the same in newer keys', () => {
    const { full_attn_idxs: _, block_ff_dim: __, rope_theta: ___, ...rest } = published.lfm2;
    const types = configOf(published.lfm2).blockKind.map((kind) => (kind === 'attention' ? 'full_attention' : 'conv'));
    const newer = {
      ...rest,
      intermediate_size: 6656,
      layer_types: types,
      rope_parameters: { rope_theta: 1e6, rope_type: 'default' },
      tie_embedding: true,
    };
    expect(configOf(newer)).toEqual(configOf(published.lfm2));
    expect(configOf({ ...newer, block_auto_adjust_ff_dim: false }).nInner).toBe(6656);
    expect(configOf({ ...newer, block_ffn_dim_multiplier: null }).nInner).toBe(4437);
    expect(configOf({ ...newer, conv_bias: true }).biases).toEqual([
      'convolution.in',
      'convolution.kernel',
      'convolution.out',
    ]);
  });
});

describe('fine-tuned heads', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string, object]>([
    ['Llama', published.llama32, 'LlamaForSequenceClassification', { kind: 'sequence-classification', bias: false }],
    ['Llama', published.llama32, 'LlamaForTokenClassification', { kind: 'token-classification', bias: true }],
    [
      'Gemma 3',
      published.gemma3,
      'Gemma3TextForSequenceClassification',
      { kind: 'sequence-classification', bias: false },
    ],
    ['GPT-J', published.gptJ, 'GPTJForSequenceClassification', { kind: 'sequence-classification', bias: false }],
  ])('of %s: its embedding stands in for the head, without a bias', (_, raw, name, head) => {
    const config = configOf({ ...raw, architectures: [name] });
    expect(config).toMatchObject({ tiedHead: true, head: { ...head, labels: ['LABEL_0', 'LABEL_1'] } });
    expect(config.biases).not.toContain('head');
  });

  it('is none in a …Model', () => {
    expect(configOf({ ...published.llama32, architectures: ['LlamaModel'] }).head).toBeUndefined();
    expect(configOf({ ...published.gemma3, architectures: ['Gemma3TextModel'] }).head).toBeUndefined();
  });
});

describe('refused by name', () => {
  type Case = [what: string, raw: Readonly<Record<string, unknown>>, change: object, code: string, message: RegExp];
  const unsupported = 'UNSUPPORTED_MODEL';
  const bad = 'BAD_CHECKPOINT';

  it.each<Case>([
    [
      'a model of several parts',
      published.gemma3,
      { model_type: 'gemma3', text_config: {}, vision_config: {} },
      unsupported,
      /"gemma3", a model of several parts \(text_config, vision_config\).*'gemma3_text'/,
    ],
    [
      'a model_type that is nearly one',
      published.llama32,
      { model_type: 'qwen-3' },
      unsupported,
      /The nearest is 'qwen3'/,
    ],
    [
      'a model_type that is nothing like one',
      published.llama32,
      { model_type: 'bloom' },
      unsupported,
      /"bloom"\. gptlet runs 'gpt2'.*'starcoder2'\.$/,
    ],
    ['no model_type', published.llama32, { model_type: undefined }, unsupported, /absent/],
    ['images beside the text', published.gemma3, { vision_config: { hidden_size: 8 } }, unsupported, /vision_config/],
    [
      'a class for images',
      published.gemma3,
      { architectures: ['Gemma3ForConditionalGeneration'] },
      unsupported,
      /Gemma3ForConditionalGeneration.*Gemma3ForCausalLM/,
    ],
    [
      'attention in both directions',
      published.gemma3,
      { use_bidirectional_attention: true },
      unsupported,
      /use_bidirectional_attention is true/,
    ],
    ['another activation', published.llama32, { hidden_act: 'relu2' }, unsupported, /hidden_act is 'relu2'/],
    [
      'another scaling',
      published.llama32,
      { rope_scaling: { rope_type: 'mrope', factor: 2 } },
      unsupported,
      /rope_scaling has the rope_type "mrope"/,
    ],
    [
      'a scaling called otherwise twice',
      published.llama32,
      { rope_scaling: { rope_type: 'linear', type: 'mrope', factor: 2 } },
      bad,
      /rope_scaling\.type is "mrope"/,
    ],
    [
      'a scaling without its factor',
      published.llama32,
      { rope_scaling: { rope_type: 'linear' } },
      bad,
      /rope_scaling\.factor is undefined/,
    ],
    [
      'a key of a scaling',
      published.llama32,
      { rope_scaling: { rope_type: 'linear', factor: 2, short_mscale: 1.1 } },
      unsupported,
      /rope_scaling sets short_mscale = 1\.1/,
    ],
    [
      'factors for another head',
      published.phi4,
      { rope_scaling: { type: 'longrope', long_factor: [1], short_factor: [1] } },
      bad,
      /short_factor is \[1\]; it must be a list of 48/,
    ],
    [
      'scalings of both spellings',
      published.llama32,
      { rope_parameters: { rope_type: 'default' } },
      bad,
      /rope_scaling and rope_parameters/,
    ],
    ['interleaved rotary pairs', published.smolLm2, { rope_interleaved: true }, unsupported, /rope_interleaved = true/],
    [
      'half of each head turning',
      published.llama32,
      { partial_rotary_factor: 0.5 },
      unsupported,
      /partial_rotary_factor is 0\.5/,
    ],
    ['an odd number of values turning', published.pythia, { rotary_pct: 0.05 }, bad, /64 values 3 would turn/],
    ['a base of 0', published.llama32, { rope_theta: 0 }, bad, /rope_theta is 0/],
    [
      'heads that share no keys evenly',
      published.llama32,
      { num_key_value_heads: 5 },
      bad,
      /32 attention heads are not divisible by the 5/,
    ],
    [
      'a width without whole heads',
      published.smolLm2,
      { num_attention_heads: 7, num_key_value_heads: 7 },
      bad,
      /576 is not divisible by the 7/,
    ],
    [
      'a kind of layer',
      published.gemma3,
      { layer_types: times(18, 'linear_attention') },
      unsupported,
      /"linear_attention"; gptlet knows full_attention, sliding_attention/,
    ],
    ['kinds of too few layers', published.gemma3, { layer_types: ['full_attention'] }, bad, /each of the 18 layers/],
    ['a window of 0', published.mistral, { sliding_window: 0 }, bad, /sliding_window is 0/],
    ['flags of too few layers', published.smolLm3, { no_rope_layers: [1, 0] }, bad, /no_rope_layers is \[1,0\]/],
    ['a cap below 0', published.gemma2, { final_logit_softcapping: -1 }, bad, /final_logit_softcapping is -1/],
    [
      'a cap that Gemma 3 does not have',
      published.gemma3,
      { attn_logit_softcapping: 50 },
      unsupported,
      /attn_logit_softcapping is 50/,
    ],
    [
      'code of other authors',
      published.phi3,
      { auto_map: { AutoModelForCausalLM: 'modeling_other.Other' } },
      unsupported,
      /auto_map has AutoModelForCausalLM/,
    ],
    [
      'code in a family that has none',
      published.llama32,
      { auto_map: { AutoModel: 'modeling.X' } },
      unsupported,
      /auto_map is/,
    ],
    [
      'biases that Phi-3 does not have',
      published.phi3,
      { attention_bias: true },
      unsupported,
      /attention_bias is true/,
    ],
    [
      'attention of which only every other is full',
      published.phi4,
      { full_attn_mod: 2 },
      unsupported,
      /full_attn_mod is 2/,
    ],
    [
      'a feed-forward layer of another kind',
      published.lfm2,
      { block_use_swiglu: false },
      unsupported,
      /block_use_swiglu is false/,
    ],
    ['convolutions of another width', published.lfm2, { conv_dim: 512 }, unsupported, /conv_dim is 512/],
    ['attention in layers that are not', published.lfm2, { full_attn_idxs: [99] }, bad, /full_attn_idxs is \[99\]/],
    ['positions of another kind', published.gptJ, { rotary: false }, unsupported, /rotary is false/],
    ['whole heads turning by null', published.gptJ, { rotary_dim: null }, bad, /rotary_dim is null/],
    ['another norm', published.starcoder2, { norm_type: 'rms_norm' }, unsupported, /norm_type is "rms_norm"/],
    ['another feed-forward layer', published.starcoder2, { mlp_type: 'gated' }, unsupported, /mlp_type is "gated"/],
    [
      'integers of another program',
      published.llama32,
      { quantization_config: { bits: 4 } },
      unsupported,
      /quantization_config/,
    ],
    ['a flag that nobody knows', published.llama32, { use_qk_norm: true }, unsupported, /use_qk_norm = true/],
  ])('%s', (_, raw, change, code, message) => {
    expect(() => configOf({ ...raw, ...change })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe('whatever config.json says', () => {
  const odd = [
    null,
    -1,
    0,
    1,
    1.5,
    1e99,
    'x',
    '',
    true,
    false,
    [],
    [null],
    [1],
    {},
    { a: 1 },
    { rope_type: 'yarn' },
    { full_attention: 1 },
  ];

  it.each(Object.entries(published))('%s: one value changed is read, or refused with an error of ours', (_, raw) => {
    for (const key of [...Object.keys(raw), 'rope_parameters', 'layer_types', 'id2label', 'auto_map', 'rope_scaling']) {
      for (const value of odd) {
        try {
          configOf({ ...raw, [key]: value });
        } catch (error) {
          expect(error, `${key} = ${JSON.stringify(value)}`).toBeInstanceOf(GptletError);
        }
      }
    }
  });

  it.each(Object.entries(published))('%s: what is read can be posted from a page to its worker', (_, raw) => {
    const read = readLaterConfig(raw);
    expect(structuredClone(read)).toEqual(read);
  });
});

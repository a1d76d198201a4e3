import { badConfig, badValue } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import { readDecoder } from './decoder-fields.ts';
import { decoderTensors } from './decoder-tensors.ts';
import { positiveNumber, readLayerTypes, requireValue } from './later-fields.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';

/** LFM2: short gated convolutions, and attention in some of the blocks only. */
export const lfm2: ModelFamily = {
  architecture: 'lfm2',
  modelType: 'lfm2',
  classPrefixes: ['Lfm2'],
  classes: ['ForCausalLM', 'Model'],
  tensorNames: {
    ...decoderTensors,
    modules: {
      tokenEmbedding: 'embed_tokens',
      norm1: 'operator_norm',
      'attention.qkv': ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'],
      'attention.queryNorm': 'self_attn.q_layernorm',
      'attention.keyNorm': 'self_attn.k_layernorm',
      'attention.projection': 'self_attn.out_proj',
      'convolution.in': 'conv.in_proj',
      'convolution.kernel': 'conv.conv',
      'convolution.out': 'conv.out_proj',
      norm2: 'ffn_norm',
      'mlp.up': ['feed_forward.w1', 'feed_forward.w3'],
      'mlp.down': 'feed_forward.w2',
      finalNorm: 'embedding_norm',
      head: 'lm_head',
    },
  },
  // About how the weights were drawn before training.
  harmless: ['block_mlp_init_scale', 'block_out_init_scale', 'block_use_xavier_init', 'conv_use_xavier_init'],
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readDecoder(fields, {
      keyValueHeads: 8,
      epsilonName: 'norm_eps',
      epsilon: 1e-5,
      tiedHead: true,
      ropeBase: readOlderBase(fields),
      bos: 1,
      eos: 2,
      pad: 0,
      innerSize: readInnerSize,
    });
    const { nLayer, nEmbd, nHead, normEpsilon } = decoder;
    const convolves = readConvolving(fields, nLayer);
    for (const name of ['block_dim', 'conv_dim', 'conv_dim_out']) requireValue(fields, name, nEmbd);
    requireValue(fields, 'num_heads', nHead);
    requireValue(fields, 'hidden_act', 'silu');
    requireValue(fields, 'block_norm_eps', normEpsilon);
    for (const name of ['block_use_swiglu', 'use_pos_enc']) requireValue(fields, name, true);
    return {
      ...decoder,
      queryKeyNorm: 'head',
      blockKind: convolves.map((convolution) => (convolution ? 'convolution' : 'attention')),
      convolutionSize: fields.optionalCount(['conv_L_cache'], 'layers') ?? 3,
      rotary: decoder.rotary.map((rotary, layer) => (convolves[layer] ? null : rotary)),
      biases: fields.flag('conv_bias', false) ? ['convolution.in', 'convolution.kernel', 'convolution.out'] : [],
      // The older name of tie_word_embeddings, which wins where both are there.
      tiedHead: fields.flag('tie_embedding', decoder.tiedHead),
    };
  },
};

/** `theta` is what the first configs called `rope_theta`. */
function readOlderBase(fields: ConfigFields): number {
  const base = positiveNumber(fields, 'theta', positiveNumber(fields, 'rope_theta', 1_000_000));
  if (fields.value('rope_theta') === undefined) return base;
  requireValue(fields, 'theta', fields.value('rope_theta'));
  return base;
}

/**
 * The width of the feed-forward layer: two thirds of what config.json says, times a factor, and on to the next multiple,
 * unless `block_auto_adjust_ff_dim` is false.
 */
function readInnerSize(fields: ConfigFields): number {
  const stated = fields.optionalCount(['block_ff_dim'], 'width') ?? fields.count(['intermediate_size'], 'width');
  fields.value('intermediate_size');
  const multiple = fields.optionalCount(['block_multiple_of'], 'width') ?? 256;
  const hasFactor =
    !Object.hasOwn(fields.raw, 'block_ffn_dim_multiplier') || fields.value('block_ffn_dim_multiplier') !== undefined;
  const factor = positiveNumber(fields, 'block_ffn_dim_multiplier', 1);
  if (!fields.flag('block_auto_adjust_ff_dim', true)) return stated;
  const reduced = Math.floor((2 * stated) / 3);
  // The hub rounds up only where there is a factor, if only of 1.
  const size = hasFactor ? multiple * Math.ceil(Math.floor(factor * reduced) / multiple) : reduced;
  if (size > 0) return size;
  throw badConfig(`a feed-forward layer of ${stated} is nothing after block_auto_adjust_ff_dim.`);
}

/** For each layer, whether it is a convolution: `layer_types`, or the numbers of the others in `full_attn_idxs`. */
function readConvolving(fields: ConfigFields, nLayer: number): boolean[] {
  const types = readLayerTypes(fields, nLayer, ['full_attention', 'conv']);
  const attending = fields.value('full_attn_idxs');
  if (types) return types.map((type) => type === 'conv');
  if (attending === undefined) return new Array<boolean>(nLayer).fill(false);
  const inRange = (index: unknown): boolean =>
    Number.isInteger(index) && (index as number) >= 0 && (index as number) < nLayer;
  if (Array.isArray(attending) && attending.every(inRange)) {
    return Array.from({ length: nLayer }, (_, layer) => !attending.includes(layer));
  }
  throw badValue('full_attn_idxs', attending, `be a list of layers, from 0 to ${nLayer - 1}`);
}

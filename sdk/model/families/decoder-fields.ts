import type { BiasedLinear, RotaryConfig } from '../config.ts';
import { hubActivation } from './activation-names.ts';
import { badConfig } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import { positiveNumber } from './later-fields.ts';
import type { FamilyConfig } from './model-family.ts';
import { type RotaryContext, readRotary } from './rotary-fields.ts';

/** What the hub's class of a family fills in where config.json lacks a key, and what it calls some. */
export interface DecoderDefaults {
  /** Where absent; null always means as many as there are query heads. @default as many as query heads */
  readonly keyValueHeads?: number;
  /** @default width / heads */
  readonly headSize?: number;
  readonly epsilonName?: string;
  readonly epsilon: number;
  readonly activation?: string;
  readonly tiedHead: boolean;
  readonly ropeBase: number;
  readonly bos?: number;
  readonly eos?: number;
  readonly pad?: number;
  /** The width of the feed-forward layer, where more than `intermediate_size` says it. */
  readonly innerSize?: (fields: ConfigFields) => number;
  /** For families that say more of rotary positions, or say it elsewhere. */
  readonly readRotary?: (fields: ConfigFields, context: RotaryContext) => RotaryConfig;
}

/**
 * A decoder as Llama has it, whose keys most families share: RMS norms before each sub-layer, rotary positions, a gated
 * feed-forward layer, no biases, fewer heads of keys and values than of queries.
 */
export function readDecoder(fields: ConfigFields, defaults: DecoderDefaults): FamilyConfig {
  const vocabSize = fields.count(['vocab_size'], 'vocabulary');
  const nLayer = fields.count(['num_hidden_layers'], 'layers');
  const nHead = fields.count(['num_attention_heads'], 'width');
  const nEmbd = fields.count(['hidden_size'], 'width');
  const nCtx = fields.count(['max_position_embeddings'], 'tokens');
  const { epsilonName = 'rms_norm_eps', activation = 'silu', readRotary: rotary = readRotary } = defaults;
  const nKvHead = readKeyValueHeads(fields, nHead, defaults.keyValueHeads);
  const headSize = readHeadSize(fields, { nHead, nEmbd, fallback: defaults.headSize });
  const perLayer = <V>(value: V): V[] => new Array<V>(nLayer).fill(value);
  const token = (name: string, fallback?: number): number[] =>
    fields.tokenIds(name, vocabSize, fallback === undefined ? [] : [fallback]);
  return {
    nLayer,
    nHead,
    nKvHead,
    headSize,
    nEmbd,
    nInner: defaults.innerSize?.(fields) ?? fields.count(['intermediate_size'], 'width'),
    nCtx,
    vocabSize,
    activation: hubActivation('hidden_act', fields.string('hidden_act', activation)),
    gatedMlp: true,
    normKind: 'rms',
    normEpsilon: fields.positive(epsilonName, defaults.epsilon),
    normPlacement: 'pre',
    parallelBlock: false,
    queryKeyNorm: 'none',
    finalNorm: true,
    learnedPositions: 0,
    rotary: perLayer(rotary(fields, { headSize, nCtx, base: defaults.ropeBase })),
    blockKind: perLayer('attention'),
    convolutionSize: 0,
    attentionWindow: perLayer(0),
    attentionScale: perLayer(1 / Math.sqrt(headSize)),
    attentionSoftCap: 0,
    embeddingScale: 1,
    logitScale: 1,
    logitSoftCap: 0,
    biases: [],
    tiedHead: fields.flag('tie_word_embeddings', defaults.tiedHead),
    bosTokenId: token('bos_token_id', defaults.bos)[0],
    eosTokenIds: token('eos_token_id', defaults.eos),
    padTokenId: token('pad_token_id', defaults.pad)[0],
  };
}

/** The biases of attention's four matrices and of the feed-forward layer's, each by a flag of config.json's. */
export function readBiases(fields: ConfigFields, flags: { attention?: string; mlp?: string }): BiasedLinear[] {
  const { attention, mlp } = flags;
  return [
    ...(attention && fields.flag(attention, false) ? (['attention.qkv', 'attention.projection'] as const) : []),
    ...(mlp && fields.flag(mlp, false) ? (['mlp.up', 'mlp.down'] as const) : []),
  ];
}

/** Query-key scores are divided by the square root of this, in Gemma. */
export const readScoreScale = (fields: ConfigFields, nLayer: number): number[] =>
  new Array<number>(nLayer).fill(1 / Math.sqrt(positiveNumber(fields, 'query_pre_attn_scalar', 256)));

function readKeyValueHeads(fields: ConfigFields, nHead: number, fallback = nHead): number {
  const name = 'num_key_value_heads';
  const given = fields.optionalCount([name], 'width');
  const count = given ?? (Object.hasOwn(fields.raw, name) ? nHead : fallback);
  if (nHead % count === 0) return count;
  throw badConfig(`the ${nHead} attention heads are not divisible by the ${count} heads of keys and values (${name}).`);
}

function readHeadSize(
  fields: ConfigFields,
  { nHead, nEmbd, fallback }: { nHead: number; nEmbd: number; fallback: number | undefined },
): number {
  const size = fields.optionalCount(['head_dim'], 'width') ?? fallback;
  if (size !== undefined) return size;
  if (nEmbd % nHead === 0) return nEmbd / nHead;
  throw badConfig(`the width ${nEmbd} is not divisible by the ${nHead} attention heads, and there is no head_dim.`);
}

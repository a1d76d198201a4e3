import { badConfig } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import type { FamilyConfig } from './model-family.ts';

/** What a family's config.json calls the sizes that all families have; older and newer names for one size. */
export interface SizeNames {
  readonly layers: readonly string[];
  readonly heads: readonly string[];
  readonly width: readonly string[];
  readonly context: readonly string[];
}

/** GPT's and GPT-2's names. */
export const gptSizeNames: SizeNames = {
  layers: ['n_layer', 'num_hidden_layers'],
  heads: ['n_head', 'num_attention_heads'],
  width: ['n_embd', 'hidden_size'],
  context: ['n_positions', 'max_position_embeddings'],
};

/** The fields that every family has and means alike. */
type SharedFields = Pick<
  FamilyConfig,
  | 'nLayer'
  | 'nHead'
  | 'nEmbd'
  | 'nCtx'
  | 'vocabSize'
  | 'normEpsilon'
  | 'tiedHead'
  | 'bosTokenId'
  | 'eosTokenIds'
  | 'padTokenId'
>;

/** @param textEnd the token that begins and ends texts where config.json does not say, if the family has one */
export function readSharedFields(fields: ConfigFields, names: SizeNames, textEnd: readonly number[]): SharedFields {
  const vocabSize = fields.count(['vocab_size'], 'vocabulary');
  const nHead = fields.count(names.heads, 'width');
  const nEmbd = fields.count(names.width, 'width');
  if (nEmbd % nHead !== 0) throw badConfig(`the width ${nEmbd} is not divisible by the ${nHead} attention heads.`);
  return {
    nLayer: fields.count(names.layers, 'layers'),
    nHead,
    nEmbd,
    nCtx: fields.count(names.context, 'tokens'),
    vocabSize,
    normEpsilon: fields.positive('layer_norm_epsilon', 1e-5),
    tiedHead: fields.flag('tie_word_embeddings', true),
    bosTokenId: fields.tokenIds('bos_token_id', vocabSize, textEnd)[0],
    eosTokenIds: fields.tokenIds('eos_token_id', vocabSize, textEnd),
    padTokenId: fields.tokenIds('pad_token_id', vocabSize, [])[0],
  };
}

import { paperConfig } from '../paper-config.ts';
import { hubActivation } from './activation-names.ts';
import { badValue } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import { decoderTensors } from './decoder-tensors.ts';
import { requireValue } from './later-fields.ts';
import type { FamilyConfig, ModelFamily, RowRun } from './model-family.ts';
import { gptSizeNames, readSharedFields } from './shared-fields.ts';

/** GPT-J: attention and feed-forward layer side by side under one norm, neighbouring values of a head turn together. */
export const gptJ: ModelFamily = {
  architecture: 'gpt-j',
  modelType: 'gptj',
  classPrefixes: ['GPTJ'],
  classes: ['ForCausalLM', 'Model', 'ForSequenceClassification'],
  tensorNames: {
    ...decoderTensors,
    body: 'transformer.',
    blocks: 'h',
    modules: {
      tokenEmbedding: 'wte',
      norm1: 'ln_1',
      'attention.qkv': ['attn.q_proj', 'attn.k_proj', 'attn.v_proj'],
      'attention.projection': 'attn.out_proj',
      norm2: 'ln_1',
      'mlp.up': 'mlp.fc_in',
      'mlp.down': 'mlp.fc_out',
      finalNorm: 'ln_f',
      head: 'lm_head',
    },
    ignoredInBlock: ['attn.bias', 'attn.masked_bias'],
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    const shared = readSharedFields(fields, gptSizeNames, [50256]);
    for (const name of ['rotary', 'scale_attn_weights']) requireValue(fields, name, true);
    const papers = paperConfig(shared);
    const size = fields.optionalCount(['rotary_dim'], 'width') ?? (Object.hasOwn(fields.raw, 'rotary_dim') ? 0 : 64);
    if (size % 2 !== 0 || size === 0 || size > papers.headSize) {
      throw badValue(
        'rotary_dim',
        fields.raw['rotary_dim'],
        `be an even number up to the size of a head, ${papers.headSize}`,
      );
    }
    return {
      ...shared,
      ...papers,
      nInner: fields.optionalCount(['n_inner'], 'width') ?? 4 * shared.nEmbd,
      activation: hubActivation('activation_function', fields.string('activation_function', 'gelu_new')),
      normPlacement: 'pre',
      parallelBlock: true,
      finalNorm: true,
      learnedPositions: 0,
      rotary: papers.rotary.map(() => ({ size, base: 10_000 })),
      biases: ['mlp.up', 'mlp.down', 'head'],
      tiedHead: fields.flag('tie_word_embeddings', false),
    };
  },
  rowRuns({ nHead, headSize, rotary }) {
    const runs = pairsToHalves(nHead, headSize, rotary[0]?.size ?? 0);
    return { 'attn.q_proj': runs, 'attn.k_proj': runs };
  },
};

/** Of each head's first `size` rows, the even ones come first and then the odd ones; the others stay. */
function pairsToHalves(nHead: number, headSize: number, size: number): RowRun[] {
  return Array.from({ length: nHead }, (_, head) => {
    const [at, half] = [head * headSize, size / 2];
    return [
      { from: at, step: 2, count: half, to: at },
      { from: at + 1, step: 2, count: half, to: at + half },
      { from: at + size, step: 1, count: headSize - size, to: at + size },
    ];
  })
    .flat()
    .filter(({ count }) => count > 0);
}

import type { ModelConfig } from '../config.ts';
import { gptActivation } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { gpt2 } from './gpt2.ts';
import type { ModelFamily } from './model-family.ts';

/** GPT (2018), which the hub calls openai-gpt: norms after the residual sums and none at the end. */
export const gpt: ModelFamily = {
  architecture: 'gpt',
  modelType: 'openai-gpt',
  classPrefix: 'OpenAIGPT',
  tensorNames: {
    model: { 'tokens_embed.weight': 'tokenEmbedding', 'positions_embed.weight': 'positionEmbedding' },
    block: gpt2.tensorNames.block,
    ignored: ['position_ids'],
    ignoredInBlock: ['attn.bias', 'attn.masked_bias'],
    conv1d: true,
  },
  readConfig(fields: ConfigFields): ModelConfig {
    const nLayer = fields.count(['n_layer', 'num_hidden_layers'], 'layers');
    const nHead = fields.count(['n_head', 'num_attention_heads'], 'width');
    const nEmbd = fields.count(['n_embd', 'hidden_size'], 'width');
    const vocabSize = fields.count(['vocab_size'], 'vocabulary');
    return {
      architecture: 'gpt',
      nLayer,
      nHead,
      nEmbd,
      nInner: 4 * nEmbd,
      nCtx: fields.count(['n_positions', 'max_position_embeddings'], 'tokens'),
      vocabSize,
      activation: gptActivation('afn', fields.string('afn', 'gelu')),
      layerNormEpsilon: fields.positive('layer_norm_epsilon', 1e-5),
      normPlacement: 'post',
      finalNorm: false,
      attentionWindow: new Array<number>(nLayer).fill(0),
      attentionScale: new Array<number>(nLayer).fill(1 / Math.sqrt(nEmbd / nHead)),
      tiedHead: fields.flag('tie_word_embeddings', true),
      bosTokenId: fields.tokenIds('bos_token_id', vocabSize, [])[0],
      eosTokenIds: fields.tokenIds('eos_token_id', vocabSize, []),
      padTokenId: fields.tokenIds('pad_token_id', vocabSize, [])[0],
    };
  },
};

import { paperConfig } from '../paper-config.ts';
import { gptActivation } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { gpt2 } from './gpt2.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { gptSizeNames, readSharedFields } from './shared-fields.ts';

/** GPT (2018), which the hub calls openai-gpt: norms after the residual sums and none at the end. */
export const gpt: ModelFamily = {
  architecture: 'gpt',
  modelType: 'openai-gpt',
  classPrefixes: ['OpenAIGPT'],
  classes: gpt2.classes,
  tensorNames: {
    ...gpt2.tensorNames,
    modules: { ...gpt2.tensorNames.modules, tokenEmbedding: 'tokens_embed', positionEmbedding: 'positions_embed' },
    ignored: ['position_ids'],
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    const shared = readSharedFields(fields, gptSizeNames, []);
    return {
      ...shared,
      ...paperConfig(shared),
      nInner: 4 * shared.nEmbd,
      activation: gptActivation('afn', fields.string('afn', 'gelu')),
      normPlacement: 'post',
      finalNorm: false,
    };
  },
};

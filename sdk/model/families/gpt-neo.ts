import { paperConfig } from '../paper-config.ts';
import { hubActivation } from './activation-names.ts';
import { badConfig, badValue } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import { gpt2 } from './gpt2.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { readSharedFields, type SizeNames } from './shared-fields.ts';

const sizeNames: SizeNames = {
  layers: ['num_layers', 'num_hidden_layers'],
  heads: ['num_heads', 'num_attention_heads'],
  width: ['hidden_size'],
  context: ['max_position_embeddings'],
};

/** The GPT-3 kind as GPT-Neo publishes it: dense and banded attention in turn, no scaling of q·k. */
export const gptNeo: ModelFamily = {
  architecture: 'gpt-neo',
  modelType: 'gpt_neo',
  classPrefixes: ['GPTNeo'],
  classes: gpt2.classes,
  tensorNames: {
    ...gpt2.tensorNames,
    modules: {
      ...gpt2.tensorNames.modules,
      'attention.qkv': ['q', 'k', 'v'].map((part) => `attn.attention.${part}_proj`),
      'attention.projection': 'attn.attention.out_proj',
    },
    ignoredInBlock: ['attn.attention.bias', 'attn.attention.masked_bias'],
    conv1d: false,
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    const shared = readSharedFields(fields, sizeNames, [50256]);
    const { nLayer, nEmbd } = shared;
    return {
      ...shared,
      ...paperConfig(shared),
      biases: ['attention.projection', 'mlp.up', 'mlp.down'],
      nInner: fields.optionalCount(['intermediate_size'], 'width') ?? 4 * nEmbd,
      activation: hubActivation('activation_function', fields.string('activation_function', 'gelu_new')),
      normPlacement: 'pre',
      finalNorm: true,
      attentionWindow: windows(fields, nLayer),
      attentionScale: new Array<number>(nLayer).fill(1),
    };
  },
};

/** `attention_types` is a list of (kinds, how often): [[['global', 'local'], 6]]; `attention_layers` the same written out. */
function windows(fields: ConfigFields, nLayer: number): number[] {
  const types = fields.value('attention_types');
  const layers = fields.value('attention_layers');
  const expanded = types === undefined ? undefined : expand(types, nLayer);
  const kinds = layers ?? expanded;
  if (
    !Array.isArray(kinds) ||
    kinds.length !== nLayer ||
    !kinds.every((kind) => kind === 'global' || kind === 'local')
  ) {
    const name = layers === undefined ? 'attention_types' : 'attention_layers';
    throw badValue(name, fields.raw[name], `say 'global' or 'local' for each of the ${nLayer} layers`);
  }
  if (expanded && kinds.some((kind, layer) => kind !== expanded[layer])) {
    throw badConfig(`attention_types and attention_layers contradict each other. They mean the same; correct one.`);
  }
  const window = fields.optionalCount(['window_size'], 'tokens') ?? 256;
  return kinds.map((kind) => (kind === 'local' ? window : 0));
}

function expand(types: unknown, nLayer: number): unknown[] {
  const kinds: unknown[] = [];
  for (const pair of Array.isArray(types) ? types : []) {
    const [pattern, times] = Array.isArray(pair) ? pair : [];
    const layers = Array.isArray(pattern) && Number.isInteger(times) ? times * pattern.length : 0;
    if (layers < 1 || layers > nLayer) {
      const example = `[[['global', 'local'], ${Math.ceil(nLayer / 2)}]]`;
      throw badValue('attention_types', types, `be like ${example} and give ${nLayer} layers`);
    }
    for (let time = 0; time < times; time++) kinds.push(...pattern);
  }
  return kinds;
}

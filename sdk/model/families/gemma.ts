import { hubActivation } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { type DecoderDefaults, readBiases, readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import { requireValue } from './later-fields.ts';
import type { FamilyConfig, ModelFamily, TensorNames } from './model-family.ts';

/** What all Gemmas have: a wide head, a scaled embedding that is the head too, norms whose files hold w of 1 + w. */
export const gemmaTensors: TensorNames = { ...decoderTensors, normsFromOne: true };

/** The first Gemma: Llama with that. */
export const gemma: ModelFamily = {
  architecture: 'gemma',
  modelType: 'gemma',
  classPrefixes: ['Gemma'],
  classes: decoderClasses,
  tensorNames: gemmaTensors,
  harmless: ['cache_implementation'],
  readConfig: (fields: ConfigFields): FamilyConfig => readGemma(fields, { keyValueHeads: 16 }),
};

/** The values that all Gemmas read alike. */
export function readGemma(
  fields: ConfigFields,
  more: Pick<DecoderDefaults, 'keyValueHeads' | 'readRotary'>,
): FamilyConfig {
  const decoder = readDecoder(fields, {
    ...more,
    headSize: 256,
    epsilon: 1e-6,
    activation: 'gelu_pytorch_tanh',
    tiedHead: true,
    ropeBase: 10_000,
    bos: 2,
    eos: 1,
    pad: 0,
  });
  requireValue(fields, 'use_bidirectional_attention', false);
  return {
    ...decoder,
    activation: readActivation(fields),
    embeddingScale: Math.sqrt(decoder.nEmbd),
    biases: readBiases(fields, { attention: 'attention_bias' }),
  };
}

/** The first configs said `gelu` and meant its tanh approximation, so that newer ones have a key of another name. */
function readActivation(fields: ConfigFields): FamilyConfig['activation'] {
  const older = fields.string('hidden_act', 'gelu');
  const name = fields.string('hidden_activation', older === 'gelu' ? 'gelu_pytorch_tanh' : older);
  return hubActivation('hidden_activation', name);
}

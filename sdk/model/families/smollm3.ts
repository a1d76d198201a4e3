import { badValue } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import { readBiases, readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { readOptionalWindows } from './windowed-layers.ts';

/** SmolLM3: Llama, of which every fourth layer does without positions. */
export const smollm3: ModelFamily = {
  architecture: 'smollm3',
  modelType: 'smollm3',
  classPrefixes: ['SmolLM3'],
  classes: decoderClasses,
  tensorNames: decoderTensors,
  harmless: ['pretraining_tp', 'max_window_layers'],
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readDecoder(fields, {
      keyValueHeads: 4,
      epsilon: 1e-6,
      tiedHead: true,
      ropeBase: 2_000_000,
      bos: 128_000,
      eos: 128_001,
      pad: 128_004,
    });
    const turns = readTurningLayers(fields, decoder.nLayer);
    return {
      ...decoder,
      rotary: decoder.rotary.map((rotary, layer) => (turns[layer] ? rotary : null)),
      attentionWindow: readOptionalWindows(fields, decoder, { usual: 0, windowed: (layer) => !turns[layer] }),
      biases: readBiases(fields, { attention: 'attention_bias', mlp: 'mlp_bias' }),
    };
  },
};

/** `no_rope_layers` says 1 for each layer that turns queries and keys, whatever its name; without it, every so-manieth does not. */
function readTurningLayers(fields: ConfigFields, nLayer: number): boolean[] {
  const interval = fields.optionalCount(['no_rope_layer_interval'], 'layers') ?? 4;
  const flags = fields.value('no_rope_layers');
  if (flags === undefined) return Array.from({ length: nLayer }, (_, layer) => (layer + 1) % interval !== 0);
  if (Array.isArray(flags) && flags.length === nLayer && flags.every((flag) => flag === 0 || flag === 1)) {
    return flags.map((flag) => flag === 1);
  }
  throw badValue('no_rope_layers', flags, `say 0 or 1 for each of the ${nLayer} layers`);
}

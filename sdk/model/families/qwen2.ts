import type { ConfigFields } from './config-fields.ts';
import { readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { readOptionalWindows } from './windowed-layers.ts';

/** Qwen2 and Qwen2.5: Llama with biases for queries, keys and values. */
export const qwen2: ModelFamily = {
  architecture: 'qwen2',
  modelType: 'qwen2',
  classPrefixes: ['Qwen2'],
  classes: decoderClasses,
  tensorNames: decoderTensors,
  readConfig(fields: ConfigFields): FamilyConfig {
    const decoder = readDecoder(fields, { keyValueHeads: 32, epsilon: 1e-6, tiedHead: false, ropeBase: 10_000 });
    const fullLayers = readFullLayers(fields);
    return {
      ...decoder,
      attentionWindow: readOptionalWindows(fields, decoder, {
        usual: 4096,
        windowed: (layer) => layer >= fullLayers,
      }),
      biases: ['attention.qkv'],
    };
  },
};

/** `max_window_layers`, how many of the first layers have no window, in spite of its name. */
export function readFullLayers(fields: ConfigFields): number {
  if (fields.value('max_window_layers') === 0) return 0;
  return fields.optionalCount(['max_window_layers'], 'layers') ?? 28;
}

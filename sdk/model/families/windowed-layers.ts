import type { ConfigFields } from './config-fields.ts';
import { readLayerTypes, readWindow } from './later-fields.ts';
import type { FamilyConfig } from './model-family.ts';

/**
 * The windows of Qwen and SmolLM3, which have none unless `use_sliding_window` says so.
 *
 * @param of.usual the window where config.json does not say, 0 for none
 * @param of.windowed which layers have one where `layer_types` does not say
 */
export function readOptionalWindows(
  fields: ConfigFields,
  { nLayer, nCtx }: FamilyConfig,
  of: { usual: number; windowed: (layer: number) => boolean },
): number[] {
  const used = fields.flag('use_sliding_window', false);
  const window = readWindow(fields, of.usual, nCtx);
  const types = readLayerTypes(fields, nLayer, ['full_attention', 'sliding_attention']);
  return Array.from({ length: nLayer }, (_, layer) => {
    const slides = types ? types[layer] === 'sliding_attention' : of.windowed(layer);
    return used && slides ? window : 0;
  });
}

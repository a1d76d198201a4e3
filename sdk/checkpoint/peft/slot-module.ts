import type { LoraSlot } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorNames } from '../../model/families/model-family.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { plainNames } from '../file-naming.ts';

/** What the checkpoint's files call the module of a slot, within its block: `attn.c_attn`, `self_attn.q_proj`. */
export function slotModule(slot: LoraSlot, config: ModelConfig, tensorNames: TensorNames): string {
  const weight = `blocks.${slot.block}.${slot.linear}.weight`;
  const shape = weightShapes(config).find(({ name }) => name === weight);
  let first = 0;
  for (const [part, { module }] of plainNames(weight, config, tensorNames).entries()) {
    if (first === slot.firstOutput) return module;
    first += shape?.joined?.[part] ?? 0;
  }
  throw new Error(`${weight} has no module that begins at its row ${slot.firstOutput}.`);
}

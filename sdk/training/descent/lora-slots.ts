import { adapterSlots } from '../../checkpoint/peft/adapter-slots.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import { show } from '../../errors/show.ts';
import type { LoraSlot } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorNames } from '../../model/families/model-family.ts';
import type { FineTuneOptions } from '../fine-tune-options.ts';

/**
 * The matrices that low-rank pairs change, each as the checkpoint's files have it.
 *
 * @throws GptletError INVALID_OPTION for a name that the checkpoint gives none of its matrices
 */
export function loraSlots(
  config: ModelConfig,
  names: TensorNames,
  targets: NonNullable<FineTuneOptions['targets']> = 'all',
): LoraSlot[] {
  const slots = adapterSlots(config, names);
  if (targets === 'all') return slots.map(({ slot }) => slot);
  if (targets === 'attention') return slots.flatMap(({ slot }) => (slot.linear.startsWith('attention.') ? [slot] : []));
  const isNamed = (module: string, target: string): boolean => module === target || module.endsWith(`.${target}`);
  const unknown = targets.find((target) => !slots.some(({ module }) => isNamed(module, target)));
  if (unknown === undefined)
    return slots.flatMap(({ slot, module }) => (targets.some((target) => isNamed(module, target)) ? [slot] : []));
  const modules = [...new Set(slots.map(({ module }) => module))];
  throw new GptletError(
    'INVALID_OPTION',
    `targets names ${show(unknown)}, which this checkpoint has not; its matrices are ${modules.join(', ')}.`,
  );
}

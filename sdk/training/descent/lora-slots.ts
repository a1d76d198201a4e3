import { plainNames } from '../../checkpoint/file-naming.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import { show } from '../../errors/show.ts';
import type { AdaptedLinear, LoraSlot } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { FamilyFiles } from '../../model/families/model-family.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import type { FineTuneOptions } from '../fine-tune-options.ts';

const adapted = /^blocks\.(\d+)\.((?:attention|mlp|convolution)\.(?:qkv|projection|up|down|in|out))\.weight$/;

/**
 * The matrices that low-rank pairs change, each as the checkpoint's files have it: queries, keys and values are three where they are three
 * there.
 *
 * @throws GptletError INVALID_OPTION for a name that the checkpoint gives none of its matrices
 */
export function loraSlots(
  config: ModelConfig,
  { tensorNames }: FamilyFiles,
  targets: NonNullable<FineTuneOptions['targets']> = 'all',
): LoraSlot[] {
  const slots: (LoraSlot & { readonly module: string })[] = [];
  for (const { name, rows, columns, joined } of weightShapes(config)) {
    const [, block, linear] = adapted.exec(name) ?? [];
    if (block === undefined) continue;
    const parts = plainNames(name, config, tensorNames);
    let firstOutput = 0;
    for (const [part, { module }] of parts.entries()) {
      const outputs = parts.length > 1 ? (joined?.[part] ?? rows) : rows;
      slots.push({
        block: Number(block),
        linear: linear as AdaptedLinear,
        firstOutput,
        outputs,
        inputs: columns,
        module,
      });
      firstOutput += outputs;
    }
  }
  const names = [...new Set(slots.map(({ module }) => module.slice(module.lastIndexOf('.') + 1)))];
  if (typeof targets !== 'string') {
    const unknown = targets.find((target) => !names.includes(target));
    if (unknown !== undefined)
      throw new GptletError(
        'INVALID_OPTION',
        `targets names ${show(unknown)}, which this checkpoint has not; its matrices are ${names.join(', ')}.`,
      );
  }
  const isTarget = ({ linear, module }: (typeof slots)[number]): boolean => {
    if (targets === 'all') return true;
    if (targets === 'attention') return linear.startsWith('attention.');
    return targets.some((target) => module === target || module.endsWith(`.${target}`));
  };
  return slots.filter(isTarget).map(({ module: _, ...slot }) => slot);
}

import type { ModelConfig } from '../model/config.ts';
import type { TensorNames } from '../model/families/model-family.ts';

/** Names of norms' weights, which some families store without 1. */
export const normWeights: RegExp = /norm\d?\.weight$/i;

/** What the files call a weight, or the parts that they have of it, and the module of each: names without the body's. */
export function plainNames(
  weight: string,
  { head }: ModelConfig,
  { blocks, heads, modules }: TensorNames,
): { name: string; module: string }[] {
  const [, block = '', of, kind = 'weight'] = /^(blocks\.\d+\.)?(.+?)(?:\.(weight|bias))?$/.exec(
    weight,
  ) as RegExpExecArray;
  const found = of === 'score' && head ? heads[head.kind] : modules[of];
  return [found].flat().map((module) => ({ module, name: `${block.replace('blocks', blocks)}${module}.${kind}` }));
}

import type { TrainingItem } from '../training-job.ts';

/** What goes through at once, at most. */
export interface PassLimits {
  readonly tokens: number;
  readonly outputs: number;
}

export const tokensOf = ({ sequences }: TrainingItem): number =>
  sequences.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);

export const outputsOf = ({ outputs }: TrainingItem): number => outputs?.length ?? 0;

/**
 * How large one pass has to be: as many tokens as are wanted, or those of the longest item, which is never parted; and as many outputs as
 * the items that are densest in them bring with that many tokens.
 */
export function passLimits(items: readonly TrainingItem[], tokensAtOnce: number, batchSize: number): PassLimits {
  let tokens = tokensAtOnce;
  let most = 0;
  let densest = 0;
  for (const item of items) {
    tokens = Math.max(tokens, tokensOf(item));
    most = Math.max(most, outputsOf(item));
    densest = Math.max(densest, outputsOf(item) / tokensOf(item));
  }
  return { tokens, outputs: Math.max(most, Math.min(most * batchSize, Math.ceil(densest * tokens))) };
}

/**
 * Parts a batch into passes, the longest items first: passes are full then, and what a pass has room for is known from the first on.
 *
 * @param batch numbers of items
 */
export function microBatches(
  items: readonly TrainingItem[],
  batch: ArrayLike<number>,
  limits: PassLimits,
): readonly (readonly number[])[] {
  const sorted = Array.from(batch).sort((a, b) => tokensOf(items[b]) - tokensOf(items[a]) || a - b);
  const passes: number[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  let outputs = 0;
  for (const item of sorted) {
    tokens += tokensOf(items[item]);
    outputs += outputsOf(items[item]);
    if (tokens > limits.tokens || outputs > limits.outputs) {
      passes.push([]);
      tokens = tokensOf(items[item]);
      outputs = outputsOf(items[item]);
    }
    passes[passes.length - 1].push(item);
  }
  return passes;
}

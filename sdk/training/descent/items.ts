import type { TrainingItem } from '../training-job.ts';

/** What a job learns from, and which examples did not fit the context and were cut, by their place in what was given. */
export interface Items {
  readonly items: readonly TrainingItem[];
  readonly cut: readonly number[];
}

/** Which token each one is to predict: the next; the last none. */
export function nextTokens(tokenIds: Uint32Array): Int32Array {
  const targets = new Int32Array(tokenIds.length).fill(-1);
  targets.set(tokenIds.subarray(1));
  return targets;
}

import type { TokenSourceInput } from './token-source.ts';

/** Scores this near could change places by rounding alone. A choice that is made twice costs a step, and few are so near. */
const nearness = 0.01;

/** Whether a greedy choice from a row of logits hangs on how they were rounded. */
export function isClose(
  { sampler, restrict }: TokenSourceInput,
  logits: Float32Array,
  history: readonly number[],
  generated: number,
): boolean {
  if (sampler.options.temperature !== 0) return false;
  sampler.setMask(restrict(history, generated));
  const scores = sampler.scores(logits, history);
  let [best, second] = [-Infinity, -Infinity];
  for (const score of scores) {
    if (score > best) [best, second] = [score, best];
    else if (score > second) second = score;
  }
  return best - second < nearness;
}

import { GptletError } from '../../errors/gptlet-error.ts';
import { planBytes } from '../../gradients/graph/plan-bytes.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { TrainingJob } from '../training-job.ts';
import { planOf } from './plan-of.ts';

/** Says of a training that found no memory what would take less, and how much that is. All other errors stay what they are. */
export function outOfMemory(error: unknown, job: TrainingJob, plan: TrainingPlan): unknown {
  const isMemory = error instanceof RangeError || (GptletError.isInstance(error) && error.code === 'OUT_OF_MEMORY');
  if (!isMemory) return error;
  const { tokensAtOnce } = job.schedule;
  const fewer = { ...job, schedule: { ...job.schedule, tokensAtOnce: 1 } };
  const least = planOf(fewer);
  const ways = [];
  if (!job.checkpointing) ways.push(`with checkpointing ${megabytes(planOf({ ...job, checkpointing: true }))}`);
  if (least.mostTokens < tokensAtOnce)
    ways.push(
      `with tokensAtOnce ${least.mostTokens} (the longest example) in place of ${tokensAtOnce} ${megabytes(least)}`,
    );
  if (!job.checkpointing && least.mostTokens < tokensAtOnce)
    ways.push(`with both ${megabytes(planOf({ ...fewer, checkpointing: true }))}`);
  if (job.method.kind === 'full') ways.push("and method 'lora' takes far less than 'full'");
  const advice = ways.length > 0 ? `It would take ${ways.join(', ')}.` : 'Take a smaller model, or shorter examples.';
  return new GptletError(
    'OUT_OF_MEMORY',
    `The training takes ${megabytes(plan)} of memory, which there is not here. ${advice}`,
    { cause: error },
  );
}

const megabytes = (plan: TrainingPlan): string => `${Math.ceil(planBytes(plan) / 1e6)} MB`;

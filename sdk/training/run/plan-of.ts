import { createPlan } from '../../gradients/graph/create-plan.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { TrainingJob } from '../training-job.ts';
import { passLimits } from './micro-batches.ts';

/** The plan of a job: how large one pass is follows from its items. */
export function planOf(job: TrainingJob): TrainingPlan {
  const { config, method, dtype, headKind, objective, schedule, checkpointing } = job;
  const { weightDecay: decay, beta1, beta2, epsilon, maxNorm, dropout } = schedule;
  const items = [...job.learn, ...job.held];
  const limits = passLimits(items, schedule.tokensAtOnce, schedule.batchSize);
  return createPlan({
    config,
    method,
    // Executors hold matrices in f32 or as integers.
    dtype: dtype === 'f16' ? 'f32' : dtype,
    headKind,
    language: objective.language > 0,
    dropout,
    adamW: { decay, beta1, beta2, epsilon, maxNorm },
    mostTokens: limits.tokens,
    mostOutputs: limits.outputs,
    placesPerOutput: items.reduce(
      (most, { outputs = [] }) => outputs.reduce((most, { places }) => Math.max(most, places.length), most),
      1,
    ),
    checkpointing,
  });
}

import type { TrainingJob } from '../training-job.ts';
import type { RunState } from './run-state.ts';

/** Said of a run whose loss or gradient is no number any more. */
export function notFinite(
  { schedule }: TrainingJob,
  { step, best }: RunState,
  { loss, norm }: { readonly loss: number; readonly norm: number },
): string {
  const { learningRate, warmupSteps, maxNorm } = schedule;
  const what = Number.isFinite(loss) ? `The gradient's norm was ${norm}` : `The loss was ${loss}`;
  const kept = best ? `of step ${best.step}, the best that was found` : `of step ${step}, the last that were numbers`;
  const advice = [`lower learningRate (it is ${learningRate}; try ${Number((learningRate / 10).toPrecision(2))})`];
  if (warmupSteps < 10) advice.push(`raise warmup (it is ${warmupSteps} steps)`);
  if (maxNorm === 0) advice.push('set clip (to 1, say)');
  return `${what} at step ${step + 1}, so the training stopped there. Kept are the parameters ${kept}. To get further, ${advice.join(' or ')}.`;
}

/** Said of a run that stopped early because it found nothing better. */
export const noImprovement = ({ schedule: { steps, patience } }: TrainingJob, { step, best }: RunState): string =>
  `Stopped after ${step} of ${steps} steps: ${patience} evaluations in a row were no better than that of step ${best?.step ?? 0}, whose parameters are kept.`;

import type { TrainingSchedule } from '../training-job.ts';

/** The learning rate of an update, which counts from 0: up along a line to the peak, then down as the schedule says. */
export function learningRateOf(schedule: TrainingSchedule, step: number): number {
  const { learningRate, warmupSteps, steps, decay, finalRate } = schedule;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const done = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  if (decay === 'linear') return learningRate * (1 - done);
  if (decay === 'cosine') return learningRate * (finalRate + ((1 - finalRate) * (1 + Math.cos(Math.PI * done))) / 2);
  return learningRate;
}

import type { RunParameters } from '../plan.ts';
import type { AdamWStep, SquareSumStep } from '../step.ts';
import { type ReferenceMemory, valuesOf } from './memory.ts';

export function squareSum(step: SquareSumStep, memory: ReferenceMemory): void {
  const values = valuesOf(memory, step.at, step.length);
  valuesOf(memory, step.norm, 1)[0] = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

export function adamW(step: AdamWStep, memory: ReferenceMemory, run: RunParameters): void {
  const { offset, length, decay, beta1, beta2, epsilon, maxNorm } = step;
  const [parameters, gradients, first, second] = ['parameters', 'gradients', 'firstMoments', 'secondMoments'].map(
    (buffer) => valuesOf(memory, { buffer, offset }, length),
  );
  const [norm] = valuesOf(memory, { buffer: 'norm', offset: 0 }, 1);
  if (!Number.isFinite(norm)) return;
  const clip = maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
  for (let i = 0; i < length; i++) {
    const gradient = gradients[i] * clip;
    parameters[i] -= run.learningRate * decay * parameters[i];
    first[i] = beta1 * first[i] + (1 - beta1) * gradient;
    second[i] = beta2 * second[i] + (1 - beta2) * gradient ** 2;
    const scale = Math.sqrt(second[i] / run.correction2) + epsilon;
    parameters[i] -= (run.learningRate * (first[i] / run.correction1)) / scale;
  }
}

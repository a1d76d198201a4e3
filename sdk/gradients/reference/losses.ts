import { softCap, softmax } from '../../backends/reference/operations.ts';
import type { RunParameters } from '../plan.ts';
import type { CrossEntropyStep, LabelLossStep } from '../step.ts';
import { bufferOf, type ReferenceMemory, rowOf, rowsOf, valuesOf } from './memory.ts';

export function crossEntropy(step: CrossEntropyStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, scale, smoothing } = step;
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const n = step.rows.first + r;
    const target = bufferOf(memory, 'targets')[n];
    const weight = bufferOf(memory, 'targetWeights')[n];
    const logits = rowOf(memory, step.logits, r, width);
    const losses = valuesOf(memory, step.losses, n + 1);
    losses[n] = 0;
    if (target < 0) {
      logits.fill(0);
      continue;
    }
    const capped = logits.map((logit) => softCap(logit * scale, step.softCap));
    const logSum = logSumExp(capped);
    for (let v = 0; v < width; v++) {
      const wanted = smoothing / width + (v === target ? 1 - smoothing : 0);
      losses[n] += weight * wanted * (logSum - capped[v]);
      const slope = step.softCap > 0 ? 1 - (capped[v] / step.softCap) ** 2 : 1;
      logits[v] = weight * (Math.exp(capped[v] - logSum) - wanted) * slope * scale;
    }
  }
}

export function labelLoss(step: LabelLossStep, memory: ReferenceMemory, run: RunParameters): void {
  const rows = rowsOf(step.rows, run);
  for (let h = 0; h < rows; h++) {
    const logits = rowOf(memory, step.logits, h, step.width);
    const dLogits = rowOf(memory, step.dLogits, h, step.width);
    const targets = bufferOf(memory, 'headTargets').subarray(h * step.width, (h + 1) * step.width);
    const weight = bufferOf(memory, 'headWeights')[h];
    const losses = valuesOf(memory, step.losses, rows);
    if (step.kind === 'answer') {
      [losses[h], dLogits[0]] = answerLoss(step, memory, h);
      continue;
    }
    const { loss, gradient } = lossOf(step.kind, logits, targets);
    losses[h] = weight * loss;
    for (let k = 0; k < step.width; k++) dLogits[k] = weight * gradient[k];
  }
}

/** Loss of one row of logits z and targets t, and its gradient at z. */
function lossOf(kind: 'one label' | 'labels' | 'value', z: Float64Array, t: Float64Array) {
  const K = z.length;
  switch (kind) {
    case 'one label': {
      const logSum = logSumExp(z);
      const all = total(t);
      return {
        loss: total(z.map((logit, k) => t[k] * (logSum - logit))),
        gradient: softmax(z).map((probability, k) => probability * all - t[k]),
      };
    }
    case 'labels':
      return {
        // -t log σ(z) - (1 - t) log(1 - σ(z)), in the form that cannot overflow.
        loss:
          total(z.map((logit, k) => Math.max(logit, 0) - logit * t[k] + Math.log1p(Math.exp(-Math.abs(logit))))) / K,
        gradient: z.map((logit, k) => (1 / (1 + Math.exp(-logit)) - t[k]) / K),
      };
    case 'value':
      return {
        loss: total(z.map((logit, k) => 0.5 * (logit - t[k]) ** 2)) / K,
        gradient: z.map((logit, k) => (logit - t[k]) / K),
      };
  }
}

/** Loss of one answer among those of its example, and the gradient of the example's loss at its logit. */
function answerLoss(step: LabelLossStep, memory: ReferenceMemory, h: number): [loss: number, gradient: number] {
  const [first, count] = bufferOf(memory, 'headGroups').subarray(2 * h, 2 * h + 2);
  const answers = Array.from({ length: count }, (_, j) => first + j);
  const logits = Float64Array.from(answers, (j) => rowOf(memory, step.logits, j, 1)[0]);
  const wanted = (j: number) => bufferOf(memory, 'headTargets')[j] * bufferOf(memory, 'headWeights')[j];
  const logSum = logSumExp(logits);
  const logit = rowOf(memory, step.logits, h, 1)[0];
  const all = answers.reduce((sum, j) => sum + wanted(j), 0);
  return [wanted(h) * (logSum - logit), all * Math.exp(logit - logSum) - wanted(h)];
}

function logSumExp(x: Float64Array): number {
  const most = x.reduce((a, b) => Math.max(a, b));
  return most + Math.log(x.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

const total = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0);

import type { LabelledTexts } from './labelled-texts.ts';

/**
 * What an example costs, from its logits: of one row with a logit a label, or of a row an answer with one logit each. Writes the
 * gradient by the logits.
 */
export type ExampleLoss = (example: number, logits: Float64Array, gradient: Float64Array) => number;

/** How losses are weighed and softened. */
export interface LossOptions {
  /** Weight of an example by its label; missing where all weigh 1. */
  readonly classWeights?: readonly number[];
  /** Share of the target that goes to all labels alike (Szegedy et al., 2016). @default 0 */
  readonly labelSmoothing?: number;
}

/** Cross-entropy of labels and of answers, of each label for itself where there may be several, half the squared error of values. */
export function exampleLoss(
  { kind, targets }: LabelledTexts,
  { classWeights, labelSmoothing = 0 }: LossOptions,
): ExampleLoss {
  switch (kind) {
    case 'one label':
    case 'answer':
      return (example, logits, gradient) => {
        const target = targets[example] as number;
        const weight = classWeights?.[target] ?? 1;
        return softmaxLoss(logits, target, labelSmoothing, weight, gradient);
      };
    case 'labels':
      return (example, logits, gradient) => sigmoidLoss(logits, targets[example] as readonly number[], gradient);
    case 'value':
      return (example, logits, gradient) => {
        gradient[0] = logits[0] - (targets[example] as number);
        return gradient[0] ** 2 / 2;
      };
  }
}

function softmaxLoss(
  logits: Float64Array,
  target: number,
  smoothing: number,
  weight: number,
  gradient: Float64Array,
): number {
  const most = Math.max(...logits);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += gradient[k] = Math.exp(logits[k] - most);
  const logSum = most + Math.log(sum);
  const base = smoothing / logits.length;
  let loss = 0;
  for (let k = 0; k < logits.length; k++) {
    const wanted = base + (k === target ? 1 - smoothing : 0);
    loss += weight * wanted * (logSum - logits[k]);
    gradient[k] = weight * (gradient[k] / sum - wanted);
  }
  return loss;
}

function sigmoidLoss(logits: Float64Array, wanted: readonly number[], gradient: Float64Array): number {
  let loss = 0;
  for (let k = 0; k < logits.length; k++) {
    const z = logits[k];
    // log(1 + e^z) - wanted · z, without an overflow.
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - wanted[k] * z;
    gradient[k] = 1 / (1 + Math.exp(-z)) - wanted[k];
  }
  return loss;
}

import type { ExampleLoss } from './example-loss.ts';
import { minimise } from './minimise.ts';
import type { Pacer } from './pacer.ts';

/** Final hidden states of examples: each owns rows `firstRow[i]` … `firstRow[i + 1]` - 1 of `rows` (R, C). */
export interface Features {
  readonly C: number;
  readonly rows: Float32Array;
  readonly firstRow: readonly number[];
}

export interface LinearFit {
  /** (K, C) */
  readonly weights: Float64Array;
  /** Mean over the examples, without the penalty. */
  readonly loss: number;
  readonly steps: number;
}

export interface FitOptions {
  /** Examples to learn from. */
  readonly examples: readonly number[];
  /** Logits a row. */
  readonly K: number;
  /** λ of λ/2 · Σ weights², beside the mean loss. */
  readonly l2: number;
  /** Where to begin. @default zeros */
  readonly start?: Float64Array;
  readonly pacer: Pacer;
  readonly onStep?: (loss: number) => void;
}

const mostSteps = 200;
/** Of the gradient of the mean loss: what is left then changes no answer that is not on the edge. */
const tolerance = 1e-4;

/** One linear layer, without a bias as the hub's heads have none, that makes the mean loss and the penalty least: a convex problem. */
export async function fitLinear(features: Features, loss: ExampleLoss, options: FitOptions): Promise<LinearFit> {
  const { examples, K, l2, pacer, onStep } = options;
  const { C, rows, firstRow } = features;
  const objective = async (weights: Float64Array, gradient: Float64Array): Promise<number> => {
    gradient.fill(0);
    let sum = 0;
    for (const example of examples) {
      const logits = logitsOf(features, weights, K, example);
      const byLogit = new Float64Array(logits.length);
      sum += loss(example, logits, byLogit);
      for (let i = 0; i < byLogit.length; i++) {
        const factor = byLogit[i] / examples.length;
        const row = (firstRow[example] + Math.floor(i / K)) * C;
        const label = (i % K) * C;
        for (let c = 0; c < C; c++) gradient[label + c] += factor * rows[row + c];
      }
      if (pacer.isDue) await pacer.rest();
    }
    let squares = 0;
    for (let i = 0; i < weights.length; i++) {
      squares += weights[i] ** 2;
      gradient[i] += l2 * weights[i];
    }
    return sum / examples.length + (l2 / 2) * squares;
  };
  const penalty = (weights: Float64Array): number => (l2 / 2) * weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const start = options.start ?? new Float64Array(K * C);
  const { at, value, steps } = await minimise(objective, start, { mostSteps, tolerance, onStep });
  return { weights: at, loss: value - penalty(at), steps };
}

/** Logits of an example's rows, (rows, K). */
export function logitsOf(
  { C, rows, firstRow }: Features,
  weights: Float64Array,
  K: number,
  example: number,
): Float64Array {
  const [first, end] = [firstRow[example], firstRow[example + 1]];
  const logits = new Float64Array((end - first) * K);
  for (let i = 0; i < logits.length; i++) {
    const row = (first + Math.floor(i / K)) * C;
    const label = (i % K) * C;
    let sum = 0;
    for (let c = 0; c < C; c++) sum += weights[label + c] * rows[row + c];
    logits[i] = sum;
  }
  return logits;
}

/** The mean loss of `examples`. */
export async function meanLoss(
  features: Features,
  loss: ExampleLoss,
  { examples, K, pacer }: Pick<FitOptions, 'examples' | 'K' | 'pacer'>,
  weights: Float64Array,
): Promise<number> {
  let sum = 0;
  for (const example of examples) {
    const logits = logitsOf(features, weights, K, example);
    sum += loss(example, logits, new Float64Array(logits.length));
    if (pacer.isDue) await pacer.rest();
  }
  return sum / examples.length;
}

import type { Step, Vector, View } from '../step.ts';
import type { Graph } from './graph.ts';

/** A norm by its canonical name, of `groups` vectors of `width` beside each other in a row; the config's kind, of queries and keys 'rms'. */
export interface Norm {
  readonly name: string;
  readonly groups: number;
  readonly width: number;
  readonly kind: 'layer' | 'rms';
}

/** A norm of the residual stream. */
export const streamNorm = ({ config }: Graph, name: string): Norm => ({
  name,
  groups: 1,
  width: config.nEmbd,
  kind: config.normKind,
});

export const normForward = (
  { rows, weights, config }: Graph,
  norm: Norm,
  x: View,
  out: View,
  stats?: Vector,
): Step[] => [
  {
    ...{ kernel: 'norm', rows, groups: norm.groups, width: norm.width, kind: norm.kind, x },
    ...{ weight: weights.vector(`${norm.name}.weight`), bias: weights.bias(`${norm.name}.bias`) },
    ...{ epsilon: config.normEpsilon, out, stats },
  },
];

/** Adds to the weight's gradient where it is trained, then makes dX, or adds to it. */
export function normBackward(
  { rows, weights }: Graph,
  { name, ...norm }: Norm,
  x: View,
  stats: Vector,
  dOut: View,
  dX: View,
  accumulate: boolean,
): Step[] {
  const dWeight = weights.gradient(`${name}.weight`);
  const dBias = weights.gradient(`${name}.bias`);
  const weight = weights.vector(`${name}.weight`);
  return [
    ...(dWeight ? [{ kernel: 'normWeightGradient', rows, ...norm, x, stats, dOut, dWeight, dBias } as const] : []),
    { kernel: 'normGradient', rows, ...norm, x, weight, stats, dOut, dX, accumulate },
  ];
}

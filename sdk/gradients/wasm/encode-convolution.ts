import type { ConvolutionWeightGradientStep, Vector, View } from '../step.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { Encode } from './step-encoder.ts';

export const encodeConvolution: Encode<'convolution'> = (step, memory) =>
  convolved(step, memory, step.weight, step.bias, step.out);

export const encodeConvolutionGradient: Encode<'convolutionGradient'> = (step, memory) => [
  ...convolved(step, memory, step.weight, step.bias, step.dOut),
  ...memory.view(step.dX),
];

export const encodeConvolutionWeightGradient: Encode<'convolutionWeightGradient'> = (step, memory) =>
  convolved(step, memory, step.dWeight, step.dBias, step.dOut);

const convolved = (
  { rows, width, size, x }: Pick<ConvolutionWeightGradientStep, 'rows' | 'width' | 'size' | 'x'>,
  memory: PlanMemory,
  weight: Vector,
  bias: Vector | undefined,
  out: View,
): number[] => [
  ...[width, size, memory.input('sequenceStart', rows.first)],
  ...memory.view(x),
  ...[memory.vector(weight), memory.vector(bias)],
  ...memory.view(out),
];

import { floatWord } from './machine-structs.ts';
import type { Encode } from './step-encoder.ts';

export const encodeNorm: Encode<'norm'> = ({ groups, width, kind, epsilon, x, weight, bias, out, stats }, memory) => [
  ...[groups, width, Number(kind === 'layer'), floatWord(epsilon)],
  ...memory.view(x),
  ...[memory.vector(weight), memory.vector(bias)],
  ...memory.view(out),
  memory.vector(stats),
];

export const encodeNormGradient: Encode<'normGradient'> = (
  { groups, width, kind, accumulate, x, weight, stats, dOut, dX },
  memory,
) => [
  ...[groups, width, Number(kind === 'layer'), Number(accumulate)],
  ...memory.view(x),
  ...[memory.vector(weight), memory.vector(stats)],
  ...memory.view(dOut),
  ...memory.view(dX),
];

export const encodeNormWeightGradient: Encode<'normWeightGradient'> = (
  { groups, width, x, stats, dOut, dWeight, dBias },
  memory,
) => [
  ...[groups, width],
  ...memory.view(x),
  memory.vector(stats),
  ...memory.view(dOut),
  ...[memory.vector(dWeight), memory.vector(dBias)],
];

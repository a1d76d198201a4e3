import { activationCodes } from '../../backends/wasm/layouts.gen.ts';
import type { ActivateGradientStep, ActivateStep } from '../step.ts';
import type { Encode } from './step-encoder.ts';

export const encodeActivate: Encode<'activate'> = (step, memory) => [
  ...activationOf(step),
  ...memory.view(step.x),
  ...memory.view(step.out),
];

export const encodeActivateGradient: Encode<'activateGradient'> = (step, memory) => [
  ...activationOf(step),
  ...memory.view(step.x),
  ...memory.view(step.dOut),
  ...memory.view(step.dX),
];

const activationOf = ({ width, gated, activation }: ActivateStep | ActivateGradientStep): number[] => [
  width,
  Number(gated),
  activationCodes[activation],
];

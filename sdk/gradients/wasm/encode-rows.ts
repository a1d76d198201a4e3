import type { GatherStep, ScatterStep } from '../step.ts';
import { floatWord } from './machine-structs.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { Encode } from './step-encoder.ts';

export const encodeAdd: Encode<'add'> = ({ width, a, b, out }, memory) => [
  width,
  ...memory.view(a),
  ...memory.view(b),
  ...memory.view(out),
];

export const encodeDropout: Encode<'dropout'> = ({ rows, width, salt, rate, x, out }, memory) => [
  width,
  rows.first * width,
  salt,
  Math.round(rate * 2 ** 32),
  floatWord(1 / (1 - rate)),
  ...memory.view(x),
  ...memory.view(out),
];

export const encodeGather: Encode<'gather'> = (step, memory) => [
  ...placesOf(step, memory),
  ...memory.view(step.x),
  ...memory.view(step.out),
];

export const encodeScatter: Encode<'scatter'> = (step, memory) => [
  ...placesOf(step, memory),
  ...memory.view(step.dX),
  ...memory.view(step.dOut),
];

const placesOf = ({ rows, width, each }: GatherStep | ScatterStep, memory: PlanMemory): number[] => [
  width,
  each,
  memory.input('headRows', rows.first * each),
];

export const encodeSum: Encode<'sum'> = ({ values, total }, memory) => [memory.vector(values), memory.vector(total)];

export const encodeFill: Encode<'fill'> = ({ at, length, value }, memory) => [
  memory.vector(at),
  length,
  floatWord(value),
];

export const encodeBiasGradient: Encode<'biasGradient'> = ({ outputs, dOut, dBias }, memory) => [
  outputs,
  ...memory.view(dOut),
  memory.vector(dBias),
];

export const encodeRotate: Encode<'rotate'> = ({ rows, heads, headSize, size, back, table, x }, memory) => [
  heads,
  headSize,
  size,
  floatWord(back ? -1 : 1),
  memory.input('positions', rows.first),
  ...memory.view(table),
  ...memory.view(x),
];

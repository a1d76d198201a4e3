import { floatWord } from './machine-structs.ts';
import type { Encode } from './step-encoder.ts';

export const encodeSquareSum: Encode<'squareSum'> = ({ at, length, norm }, memory) => {
  // A sum in double precision of each block of 4,096 values.
  memory.askScratch(0, 8 * Math.ceil(length / 4096));
  return [memory.vector(at), length, memory.vector(norm)];
};

export const encodeAdamW: Encode<'adamW'> = ({ offset, length, maxNorm, decay, beta1, beta2, epsilon }, memory) => [
  ...['parameters', 'gradients', 'firstMoments', 'secondMoments'].map((buffer) => memory.input(buffer, offset)),
  ...[length, memory.input('norm')],
  ...[maxNorm, decay, beta1, 1 - beta1, beta2, 1 - beta2, epsilon].map(floatWord),
];

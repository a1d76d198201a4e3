import type { Step } from '../step.ts';
import { encodeAdd } from './encode-rows.ts';
import type { Encode } from './step-encoder.ts';

const missing = (): never => {
  throw new Error('This kernel is not written yet.');
};

/** Each kernel's number in wasm/gradients/program.ts, and what makes words of its steps. */
export const kernelTable: { readonly [K in Step['kernel']]: readonly [code: number, encode: Encode<K>] } = {
  embed: [0, missing],
  embedGradient: [1, missing],
  norm: [2, missing],
  normGradient: [3, missing],
  normWeightGradient: [4, missing],
  matmul: [5, missing],
  matmulGradient: [6, missing],
  weightGradient: [7, missing],
  biasGradient: [8, missing],
  rotate: [9, missing],
  attention: [10, missing],
  attentionGradient: [11, missing],
  activate: [12, missing],
  activateGradient: [13, missing],
  convolution: [14, missing],
  convolutionGradient: [15, missing],
  convolutionWeightGradient: [16, missing],
  add: [17, encodeAdd],
  dropout: [18, missing],
  gather: [19, missing],
  scatter: [20, missing],
  crossEntropy: [21, missing],
  labelLoss: [22, missing],
  sum: [23, missing],
  fill: [24, missing],
  squareSum: [25, missing],
  adamW: [26, missing],
};

import type { Step } from '../step.ts';
import { encodeActivate, encodeActivateGradient } from './encode-activate.ts';
import { encodeAttention, encodeAttentionGradient } from './encode-attention.ts';
import { encodeConvolution, encodeConvolutionGradient, encodeConvolutionWeightGradient } from './encode-convolution.ts';
import { encodeEmbed, encodeEmbedGradient } from './encode-embed.ts';
import { encodeCrossEntropy, encodeLabelLoss } from './encode-losses.ts';
import { encodeNorm, encodeNormGradient, encodeNormWeightGradient } from './encode-norm.ts';
import { encodeAdamW, encodeSquareSum } from './encode-optimiser.ts';
import { encodeMatmul, encodeMatmulGradient, encodeWeightGradient } from './encode-products.ts';
import {
  encodeAdd,
  encodeBiasGradient,
  encodeDropout,
  encodeFill,
  encodeGather,
  encodeRotate,
  encodeScatter,
  encodeSum,
} from './encode-rows.ts';
import type { Encode } from './step-encoder.ts';

/** Each kernel's number in wasm/gradients/program.ts, and what makes words of its steps. */
export const kernelTable: { readonly [K in Step['kernel']]: readonly [code: number, encode: Encode<K>] } = {
  embed: [0, encodeEmbed],
  embedGradient: [1, encodeEmbedGradient],
  norm: [2, encodeNorm],
  normGradient: [3, encodeNormGradient],
  normWeightGradient: [4, encodeNormWeightGradient],
  matmul: [5, encodeMatmul],
  matmulGradient: [6, encodeMatmulGradient],
  weightGradient: [7, encodeWeightGradient],
  biasGradient: [8, encodeBiasGradient],
  rotate: [9, encodeRotate],
  attention: [10, encodeAttention],
  attentionGradient: [11, encodeAttentionGradient],
  activate: [12, encodeActivate],
  activateGradient: [13, encodeActivateGradient],
  convolution: [14, encodeConvolution],
  convolutionGradient: [15, encodeConvolutionGradient],
  convolutionWeightGradient: [16, encodeConvolutionWeightGradient],
  add: [17, encodeAdd],
  dropout: [18, encodeDropout],
  gather: [19, encodeGather],
  scatter: [20, encodeScatter],
  crossEntropy: [21, encodeCrossEntropy],
  labelLoss: [22, encodeLabelLoss],
  sum: [23, encodeSum],
  fill: [24, encodeFill],
  squareSum: [25, encodeSquareSum],
  adamW: [26, encodeAdamW],
};

import type { RunParameters } from '../plan.ts';
import type { Step } from '../step.ts';
import { activate, activateGradient } from './activate.ts';
import { attention, attentionGradient } from './attention.ts';
import { convolution, convolutionGradient, convolutionWeightGradient } from './convolution.ts';
import { embed, embedGradient, rotate } from './embed.ts';
import { crossEntropy, labelLoss } from './losses.ts';
import type { ReferenceMemory } from './memory.ts';
import { norm, normGradient, normWeightGradient } from './norm.ts';
import { adamW, squareSum } from './optimiser.ts';
import { biasGradient, matmul, matmulGradient, weightGradient } from './product.ts';
import { add, dropout, fill, gather, scatter, sum } from './rows.ts';

type StepOf<Kernel extends Step['kernel']> = Extract<Step, { kernel: Kernel }>;
type Run<S extends Step> = (step: S, memory: ReferenceMemory, run: RunParameters) => void;

/** The definition of every kernel: obvious, slow, in double precision. */
const kernels: { readonly [Kernel in Step['kernel']]: Run<StepOf<Kernel>> } = {
  embed,
  embedGradient,
  norm,
  normGradient,
  normWeightGradient,
  matmul,
  matmulGradient,
  weightGradient,
  biasGradient,
  rotate,
  attention,
  attentionGradient,
  activate,
  activateGradient,
  convolution,
  convolutionGradient,
  convolutionWeightGradient,
  add,
  dropout,
  gather,
  scatter,
  crossEntropy,
  labelLoss,
  sum,
  fill,
  squareSum,
  adamW,
};

/** Does one step on the given memory. */
export const runStep: Run<Step> = (step, memory, run) => (kernels[step.kernel] as Run<Step>)(step, memory, run);

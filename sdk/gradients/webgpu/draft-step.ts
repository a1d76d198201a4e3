import type { Step } from '../step.ts';
import { attention, attentionGradient } from './attention-drafts.ts';
import { convolution, convolutionGradient, convolutionWeightGradient } from './convolution-drafts.ts';
import type { DispatchDraft } from './dispatch-draft.ts';
import { embed, embedGradient, gather, rotate, scatter } from './embedding-drafts.ts';
import { crossEntropy, labelLoss, sum } from './loss-drafts.ts';
import { biasGradient, norm, normGradient, normWeightGradient } from './norm-drafts.ts';
import { adamW, squareSum } from './optimiser-drafts.ts';
import type { PlanMemory } from './plan-memory.ts';
import { matmul, matmulGradient, weightGradient } from './product-drafts.ts';
import { activate, activateGradient, add, dropout, fill } from './value-drafts.ts';

type Draft<S extends Step> = (step: S, memory: PlanMemory) => DispatchDraft[];

/** Every kernel of step.ts as dispatches. */
const drafts: { readonly [Kernel in Step['kernel']]: Draft<Extract<Step, { kernel: Kernel }>> } = {
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

/** The dispatches of a step, in their order. */
export const draftStep: Draft<Step> = (step, memory) => (drafts[step.kernel] as Draft<Step>)(step, memory);

import type { AdamWStep, SquareSumStep } from '../step.ts';
import { type DispatchDraft, inTurn } from './dispatch-draft.ts';
import type { PlanMemory } from './plan-memory.ts';

const block = 4096;

export function squareSum({ at, length, norm }: SquareSumStep, memory: PlanMemory): DispatchDraft[] {
  const blocks = Math.ceil(length / block);
  const partial = memory.scratch(blocks);
  const common = { parts: ['reduce-workgroup'], constants: { WG: memory.shared(256, 16) } };
  return [
    {
      ...common,
      shader: 'square-sum',
      values: { length },
      operands: { values: memory.operand(at), partial },
      size: inTurn(length, block),
    },
    {
      ...common,
      shader: 'sum',
      rows: { of: 'fixed', first: 0, most: blocks },
      values: { root: true },
      operands: { values: partial, total: memory.operand(norm) },
      size: () => [1, 1],
    },
  ];
}

export function adamW(step: AdamWStep, memory: PlanMemory): DispatchDraft[] {
  const { offset, length, decay, beta1, beta2, epsilon, maxNorm } = step;
  return [
    {
      shader: 'adam-w',
      values: { length, decay, beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon, maxNorm },
      operands: {
        parameters: memory.input('parameters', offset),
        gradients: memory.input('gradients', offset),
        firstMoments: memory.input('firstMoments', offset),
        secondMoments: memory.input('secondMoments', offset),
        norm: memory.input('norm'),
      },
      size: inTurn(length, 64),
    },
  ];
}

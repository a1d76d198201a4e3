import type { CrossEntropyStep, LabelLossStep, SumStep } from '../step.ts';
import type { DispatchDraft } from './dispatch-draft.ts';
import type { PlanMemory } from './plan-memory.ts';

/** By their number in shaders/gradients/label-loss.wgsl. */
const kinds: readonly LabelLossStep['kind'][] = ['one label', 'labels', 'value', 'answer'];

export function crossEntropy(step: CrossEntropyStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, width, logits, scale, softCap, smoothing, losses } = step;
  return [
    {
      shader: 'cross-entropy',
      parts: ['reduce-workgroup'],
      constants: { WG: memory.shared(256, 16) },
      rows,
      values: { width, scale, softCap, smoothing },
      operands: {
        logits: memory.operand(logits),
        targets: memory.input('targets', rows.first),
        targetWeights: memory.input('targetWeights', rows.first),
        losses: memory.operand({ ...losses, offset: losses.offset + rows.first }),
      },
      size: (count) => [count, 1],
    },
  ];
}

export function labelLoss(step: LabelLossStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, width, kind, logits, dLogits, losses } = step;
  return [
    {
      shader: 'label-loss',
      rows,
      values: { width, kind: kinds.indexOf(kind) },
      operands: {
        logits: memory.operand(logits),
        targets: memory.input('headTargets'),
        weights: memory.input('headWeights'),
        groups: memory.input('headGroups'),
        dLogits: memory.operand(dLogits),
        losses: memory.operand(losses),
      },
      size: (count) => [Math.ceil(count / 64), 1],
    },
  ];
}

export function sum({ rows, values, total }: SumStep, memory: PlanMemory): DispatchDraft[] {
  return [
    {
      shader: 'sum',
      parts: ['reduce-workgroup'],
      constants: { WG: memory.shared(256, 16) },
      rows,
      values: { root: false },
      operands: { values: memory.operand(values), total: memory.operand(total) },
      size: () => [1, 1],
    },
  ];
}

import type { ConvolutionGradientStep, ConvolutionStep, ConvolutionWeightGradientStep } from '../step.ts';
import { byValue, type DispatchDraft } from './dispatch-draft.ts';
import { columnSums } from './norm-drafts.ts';
import type { PlanMemory } from './plan-memory.ts';

export function convolution(step: ConvolutionStep, memory: PlanMemory): DispatchDraft[] {
  const common = convolved(step, memory);
  return [{ ...common, shader: 'convolution', operands: { ...common.operands, out: memory.operand(step.out) } }];
}

export function convolutionGradient(step: ConvolutionGradientStep, memory: PlanMemory): DispatchDraft[] {
  const common = convolved(step, memory);
  const operands = { ...common.operands, dOut: memory.operand(step.dOut), dX: memory.operand(step.dX) };
  return [{ ...common, shader: 'convolution-gradient', operands }];
}

export function convolutionWeightGradient(step: ConvolutionWeightGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, width, size, dWeight, dBias } = step;
  const read = { x: memory.operand(step.x), dOut: memory.operand(step.dOut), starts: memory.input('sequenceStart') };
  const sums = (columns: number, of: number, out: ConvolutionWeightGradientStep['dWeight']): DispatchDraft =>
    columnSums(
      'term-convolution',
      rows,
      columns,
      { groups: 1, width, size: of },
      { ...read, out: memory.operand(out) },
    );
  return [sums(width * size, size, dWeight), ...(dBias ? [sums(width, 0, dBias)] : [])];
}

const convolved = (step: ConvolutionStep | ConvolutionGradientStep, memory: PlanMemory) => ({
  parts: ['convolved'],
  rows: step.rows,
  values: { width: step.width, size: step.size },
  operands: {
    x: memory.operand(step.x),
    weight: memory.operand(step.weight),
    bias: memory.operand(step.bias),
    starts: memory.input('sequenceStart'),
  },
  size: byValue(step.width),
});

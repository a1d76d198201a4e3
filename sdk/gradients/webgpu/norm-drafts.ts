import type { BiasGradientStep, NormGradientStep, NormStep, NormWeightGradientStep } from '../step.ts';
import type { DispatchDraft, Operand } from './dispatch-draft.ts';
import type { PlanMemory } from './plan-memory.ts';

export function norm(step: NormStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, groups, width, kind, epsilon, x, weight, bias, out, stats } = step;
  return [
    {
      shader: 'norm',
      ...oneGroupEach(memory),
      rows,
      values: { groups, width, rms: kind === 'rms', epsilon },
      operands: {
        x: memory.operand(x),
        weight: memory.operand(weight),
        bias: memory.operand(bias),
        out: memory.operand(out),
        stats: memory.operand(stats),
      },
      size: (count) => [count, groups],
    },
  ];
}

export function normGradient(step: NormGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, groups, width, kind, accumulate, x, weight, stats, dOut, dX } = step;
  return [
    {
      shader: 'norm-gradient',
      ...oneGroupEach(memory),
      rows,
      values: { groups, width, rms: kind === 'rms', accumulate },
      operands: {
        x: memory.operand(x),
        weight: memory.operand(weight),
        stats: memory.operand(stats),
        dOut: memory.operand(dOut),
        dX: memory.operand(dX),
      },
      size: (count) => [count, groups],
    },
  ];
}

export function normWeightGradient(step: NormWeightGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, groups, width, dBias, dWeight } = step;
  const [x, stats, dOut] = [step.x, step.stats, step.dOut].map((place) => memory.operand(place));
  const values = { groups };
  const sums = columnSums('term-norm', rows, width, values, { x, stats, dOut, out: memory.operand(dWeight) });
  if (!dBias) return [sums];
  return [sums, columnSums('term-bias', rows, width, values, { dOut, out: memory.operand(dBias) })];
}

export function biasGradient({ rows, outputs, dOut, dBias }: BiasGradientStep, memory: PlanMemory): DispatchDraft[] {
  const operands = { dOut: memory.operand(dOut), out: memory.operand(dBias) };
  return [columnSums('term-bias', rows, outputs, { groups: 1 }, operands)];
}

/** Sums over rows of what a part of columns.wgsl says, added to `out` (columns). */
export const columnSums = (
  term: string,
  rows: DispatchDraft['rows'],
  columns: number,
  values: DispatchDraft['values'],
  operands: Readonly<Record<string, Operand>>,
): DispatchDraft => ({
  shader: 'columns',
  parts: [term],
  rows,
  values: { ...values, columns },
  operands,
  // Also of no rows at all there is a sum, of 0.
  size: () => [Math.ceil(columns / 16), 1],
});

/** A workgroup for each vector: what the lanes of it have in common. */
const oneGroupEach = (memory: PlanMemory): Pick<DispatchDraft, 'parts' | 'constants'> => ({
  parts: ['reduce-workgroup'],
  constants: { WG: memory.shared(64, 16) },
});

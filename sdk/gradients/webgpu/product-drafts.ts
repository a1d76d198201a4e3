import type { MatmulGradientStep, MatmulStep, WeightGradientStep } from '../step.ts';
import type { DispatchDraft, Operand } from './dispatch-draft.ts';
import type { MatrixPart, PlanMemory } from './plan-memory.ts';

export function matmul(step: MatmulStep, memory: PlanMemory): DispatchDraft[] {
  const { matrix, firstOutput, outputs, inputs, rows, accumulate, scale } = step;
  return memory.matrixParts(matrix, firstOutput, outputs).map((part) =>
    product(memory, {
      rows,
      ...weightsOf(memory, matrix, part),
      constants: { TURNED: 1, SUMS_ROWS: 0 },
      sizes: { lines: rows.most, depth: inputs, columns: part.rows },
      a: memory.operand(step.x),
      bias: step.bias && beyond(memory.operand(step.bias), part.first),
      out: beyond(memory.operand(step.out), part.first),
      ...{ scale, accumulate },
    }),
  );
}

export function matmulGradient(step: MatmulGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { matrix, firstOutput, outputs, inputs, rows, accumulate, scale } = step;
  return memory.matrixParts(matrix, firstOutput, outputs).map((part, i) =>
    product(memory, {
      rows,
      ...weightsOf(memory, matrix, part),
      constants: { TURNED: 0, SUMS_ROWS: 0 },
      sizes: { lines: rows.most, depth: part.rows, columns: inputs },
      a: beyond(memory.operand(step.dOut), part.first),
      out: memory.operand(step.dX),
      ...{ scale, accumulate: accumulate || i > 0 },
    }),
  );
}

export function weightGradient(step: WeightGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, outputs, inputs, scale } = step;
  return [
    product(memory, {
      rows,
      parts: ['weights-f32'],
      weights: memory.operand(step.x),
      constants: { TURNED: 0, SUMS_ROWS: 1 },
      sizes: { lines: outputs, depth: rows.most, columns: inputs },
      a: memory.operand(step.dOut),
      out: memory.operand(step.dW),
      ...{ scale, accumulate: true },
    }),
  ];
}

/** How a kernel reads a part of a matrix: what WGSL it takes, and from where. */
export const weightsOf = (
  memory: PlanMemory,
  matrix: string,
  { weights, scales }: MatrixPart,
): { parts: string[]; weights: Operand; scales: Operand | undefined } => ({
  parts: [...(scales ? ['scales'] : []), `weights-${memory.dtypeOf(matrix)}`],
  weights,
  scales,
});

interface Product extends Pick<DispatchDraft, 'rows' | 'parts'> {
  readonly constants: { readonly TURNED: 0 | 1; readonly SUMS_ROWS: 0 | 1 };
  readonly sizes: { readonly lines: number; readonly depth: number; readonly columns: number };
  readonly a: Operand;
  readonly weights: Operand;
  readonly scales?: Operand;
  readonly bias?: Operand;
  readonly out: Operand;
  readonly scale: number;
  readonly accumulate: boolean;
}

function product(
  memory: PlanMemory,
  { rows, parts, constants, sizes, scale, accumulate, ...operands }: Product,
): DispatchDraft {
  const { lines, columns } = sizes;
  const { a, weights, scales, bias, out } = operands;
  const DEPTH = memory.shared(32, 4);
  return {
    shader: 'product',
    ...{ parts, rows },
    constants: { ...constants, DEPTH },
    values: { ...sizes, scale, accumulate },
    operands: { a, weights, scales, bias, out },
    size: (count) => [Math.ceil(columns / 32), Math.ceil((constants.SUMS_ROWS ? lines : count) / 32)],
  };
}

/** The same rows, some values later. */
const beyond = (operand: Operand, values: number): Operand => ({ ...operand, offset: operand.offset + values });

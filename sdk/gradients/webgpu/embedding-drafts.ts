import type { EmbedGradientStep, EmbedStep, GatherStep, RotateStep, ScatterStep } from '../step.ts';
import { byValue, type DispatchDraft, type Operand } from './dispatch-draft.ts';
import type { PlanMemory } from './plan-memory.ts';
import { weightsOf } from './product-drafts.ts';

/** Rows of a table that is not a part of one. */
const allRows = 0xffffffff;

export function embed(step: EmbedStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, width, table, scale, positionTable } = step;
  return memory.matrixParts(table, 0, memory.rowsOf(table)).map((part, i) => {
    const { parts, weights, scales } = weightsOf(memory, table, part);
    const places = i === 0 ? memory.operand(positionTable) : undefined;
    return {
      shader: 'gather',
      ...{ parts, rows },
      values: { width, each: 1, scale, weights_row: part.first, weights_rows: part.rows, accumulate: i > 0 },
      operands: {
        ...{ weights, scales, places },
        ids: memory.input('tokenIds', rows.first),
        positions: memory.input('positions', rows.first),
        out: memory.operand(step.out),
      },
      size: byValue(width),
    };
  });
}

export function gather({ rows, width, each, x, out }: GatherStep, memory: PlanMemory): DispatchDraft[] {
  return [
    {
      shader: 'gather',
      parts: ['weights-f32'],
      rows,
      // What id -1 is as a u32 is no row.
      values: { width, each, scale: 1, weights_row: 0, weights_rows: allRows, accumulate: false },
      operands: {
        weights: memory.operand(x),
        ids: memory.input('headRows', rows.first * each),
        out: memory.operand(out),
      },
      size: byValue(width),
    },
  ];
}

export function embedGradient(step: EmbedGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, width, scale, dTable, dPositionTable } = step;
  const dOut = memory.operand(step.dOut);
  const one = (ids: string, out: Operand | undefined, factor: number): DispatchDraft[] =>
    out ? [scattered({ rows, width, each: 1, ids, dOut, out, scale: factor }, memory)] : [];
  return [...one('tokenIds', memory.operand(dTable), scale), ...one('positions', memory.operand(dPositionTable), 1)];
}

export function scatter({ rows, width, each, dOut, dX }: ScatterStep, memory: PlanMemory): DispatchDraft[] {
  const operands = { dOut: memory.operand(dOut), out: memory.operand(dX) };
  return [scattered({ rows, width, each, ids: 'headRows', scale: 1, ...operands }, memory)];
}

interface Scattered extends Pick<ScatterStep, 'rows' | 'width' | 'each'> {
  readonly ids: string;
  readonly dOut: Operand;
  readonly out: Operand;
  readonly scale: number;
}

function scattered({ rows, width, each, ids, dOut, out, scale }: Scattered, memory: PlanMemory): DispatchDraft {
  return {
    shader: 'scatter',
    rows,
    values: { width, each, scale },
    operands: { ids: memory.input(ids, rows.first * each), dOut, out },
    size: (count) => [Math.ceil(width / 64), count * each],
  };
}

export function rotate(step: RotateStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, heads, headSize, size, table, x, back } = step;
  return [
    {
      shader: 'rotate',
      rows,
      values: { heads, headSize, size, back },
      operands: {
        table: memory.operand(table),
        positions: memory.input('positions', rows.first),
        x: memory.operand(x),
      },
      size: byValue((heads * size) / 2),
    },
  ];
}

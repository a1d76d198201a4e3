import type { RunParameters } from '../plan.ts';
import type { EmbedGradientStep, EmbedStep, RotateStep } from '../step.ts';
import { bufferOf, matrixOf, type ReferenceMemory, rowOf, rowsOf } from './memory.ts';

export function embed(step: EmbedStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, scale, positionTable } = step;
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const { token, position } = placeOf(step, memory, r);
    const out = rowOf(memory, step.out, r, width);
    const place = positionTable && rowOf(memory, positionTable, position, width);
    const table = matrixOf(memory, step.table);
    for (let c = 0; c < width; c++) out[c] = scale * table[token * width + c] + (place?.[c] ?? 0);
  }
}

export function embedGradient(step: EmbedGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, scale } = step;
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const { token, position } = placeOf(step, memory, r);
    const dOut = rowOf(memory, step.dOut, r, width);
    const dTable = step.dTable && rowOf(memory, step.dTable, token, width);
    const dPlace = step.dPositionTable && rowOf(memory, step.dPositionTable, position, width);
    for (let c = 0; c < width; c++) {
      if (dTable) dTable[c] += scale * dOut[c];
      if (dPlace) dPlace[c] += dOut[c];
    }
  }
}

export function rotate(step: RotateStep, memory: ReferenceMemory, run: RunParameters): void {
  const { heads, headSize, size, back } = step;
  const half = size / 2;
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const table = rowOf(memory, step.table, placeOf(step, memory, r).position, size);
    for (let head = 0; head < heads; head++) {
      const x = rowOf(memory, { ...step.x, offset: step.x.offset + head * headSize }, r, headSize);
      for (let i = 0; i < half; i++) {
        const cos = table[2 * i];
        const sin = back ? -table[2 * i + 1] : table[2 * i + 1];
        const [a, b] = [x[i], x[i + half]];
        x[i] = a * cos - b * sin;
        x[i + half] = b * cos + a * sin;
      }
    }
  }
}

/** Which token row r of a step is, and where it stands in its sequence. */
function placeOf({ rows }: EmbedStep | EmbedGradientStep | RotateStep, memory: ReferenceMemory, r: number) {
  const n = rows.first + r;
  return { token: bufferOf(memory, 'tokenIds')[n], position: bufferOf(memory, 'positions')[n] };
}

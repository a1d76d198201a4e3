import { dropoutRandom } from '../dropout-random.ts';
import type { RunParameters } from '../plan.ts';
import type { AddStep, DropoutStep, FillStep, GatherStep, ScatterStep, SumStep } from '../step.ts';
import { bufferOf, type ReferenceMemory, rowOf, rowsOf, valuesOf } from './memory.ts';

export function add(step: AddStep, memory: ReferenceMemory, run: RunParameters): void {
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const a = rowOf(memory, step.a, r, step.width);
    const b = rowOf(memory, step.b, r, step.width);
    const out = rowOf(memory, step.out, r, step.width);
    for (let c = 0; c < step.width; c++) out[c] = a[c] + b[c];
  }
}

export function dropout(step: DropoutStep, memory: ReferenceMemory, run: RunParameters): void {
  const { rate, salt, width } = step;
  const below = Math.round(rate * 2 ** 32);
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const x = rowOf(memory, step.x, r, width);
    const out = rowOf(memory, step.out, r, width);
    for (let c = 0; c < width; c++) {
      const taken = dropoutRandom(run.dropoutSeed, salt, (step.rows.first + r) * width + c) < below;
      out[c] = taken ? 0 : x[c] / (1 - rate);
    }
  }
}

export function gather(step: GatherStep, memory: ReferenceMemory, run: RunParameters): void {
  const rows = rowsOf(step.rows, run);
  for (let h = 0; h < rows; h++) {
    const out = rowOf(memory, step.out, h, step.width);
    out.fill(0);
    for (const n of placesOf(step, memory, h)) {
      const x = rowOf(memory, step.x, n, step.width);
      for (let c = 0; c < step.width; c++) out[c] += x[c];
    }
  }
}

export function scatter(step: ScatterStep, memory: ReferenceMemory, run: RunParameters): void {
  const rows = rowsOf(step.rows, run);
  for (let h = 0; h < rows; h++) {
    const dOut = rowOf(memory, step.dOut, h, step.width);
    for (const n of placesOf(step, memory, h)) {
      const dX = rowOf(memory, step.dX, n, step.width);
      for (let c = 0; c < step.width; c++) dX[c] += dOut[c];
    }
  }
}

export function sum(step: SumStep, memory: ReferenceMemory, run: RunParameters): void {
  const rows = rowsOf(step.rows, run);
  const total = valuesOf(memory, step.total, 1);
  for (const value of valuesOf(memory, step.values, rows)) total[0] += value;
}

export function fill(step: FillStep, memory: ReferenceMemory): void {
  valuesOf(memory, step.at, step.length).fill(step.value);
}

/** Rows of tokens that output h adds up. */
const placesOf = ({ rows, each }: GatherStep | ScatterStep, memory: ReferenceMemory, h: number) =>
  bufferOf(memory, 'headRows')
    .subarray((rows.first + h) * each, (rows.first + h + 1) * each)
    .filter((n) => n >= 0);

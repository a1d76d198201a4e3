import type { RunParameters } from '../plan.ts';
import type { NormGradientStep, NormStep, NormWeightGradientStep } from '../step.ts';
import { type ReferenceMemory, rowOf, rowsOf, valuesOf } from './memory.ts';

type Normed = NormStep | NormGradientStep | NormWeightGradientStep;

export function norm(step: NormStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, kind, epsilon } = step;
  const weight = valuesOf(memory, step.weight, width);
  const bias = step.bias && valuesOf(memory, step.bias, width);
  for (const { row, group, vector } of vectors(step, run)) {
    const x = vectorOf(step, memory, step.x, row, group).slice();
    const mean = kind === 'layer' ? x.reduce((sum, value) => sum + value, 0) / width : 0;
    const rstd = 1 / Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width + epsilon);
    const out = vectorOf(step, memory, step.out, row, group);
    for (let c = 0; c < width; c++) out[c] = (x[c] - mean) * rstd * weight[c] + (bias?.[c] ?? 0);
    if (step.stats) statsOf(memory, step.stats, vector).set([mean, rstd]);
  }
}

/** With g = dOut · weight and y the normalised x: dX = rstd · (g - mean(g) - y · mean(g · y)); 'rms' took no mean away. */
export function normGradient(step: NormGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, kind } = step;
  const weight = valuesOf(memory, step.weight, width);
  for (const { row, group, vector } of vectors(step, run)) {
    const x = vectorOf(step, memory, step.x, row, group);
    const [mean, rstd] = statsOf(memory, step.stats, vector);
    const y = x.map((value) => (value - mean) * rstd);
    const g = vectorOf(step, memory, step.dOut, row, group).map((value, c) => value * weight[c]);
    const meanG = kind === 'layer' ? g.reduce((sum, value) => sum + value, 0) / width : 0;
    const meanGY = g.reduce((sum, value, c) => sum + value * y[c], 0) / width;
    const dX = vectorOf(step, memory, step.dX, row, group);
    for (let c = 0; c < width; c++) {
      dX[c] = (step.accumulate ? dX[c] : 0) + rstd * (g[c] - meanG - y[c] * meanGY);
    }
  }
}

export function normWeightGradient(step: NormWeightGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width } = step;
  const dWeight = valuesOf(memory, step.dWeight, width);
  const dBias = step.dBias && valuesOf(memory, step.dBias, width);
  for (const { row, group, vector } of vectors(step, run)) {
    const x = vectorOf(step, memory, step.x, row, group);
    const dOut = vectorOf(step, memory, step.dOut, row, group);
    const [mean, rstd] = statsOf(memory, step.stats, vector);
    for (let c = 0; c < width; c++) {
      dWeight[c] += dOut[c] * (x[c] - mean) * rstd;
      if (dBias) dBias[c] += dOut[c];
    }
  }
}

function* vectors({ rows, groups }: Normed, run: RunParameters) {
  const count = rowsOf(rows, run);
  for (let row = 0; row < count; row++) {
    for (let group = 0; group < groups; group++) yield { row, group, vector: row * groups + group };
  }
}

const vectorOf = ({ width }: Normed, memory: ReferenceMemory, view: NormStep['x'], row: number, group: number) =>
  rowOf(memory, { ...view, offset: view.offset + group * width }, row, width);

const statsOf = (memory: ReferenceMemory, { buffer, offset }: NormGradientStep['stats'], vector: number) =>
  valuesOf(memory, { buffer, offset: offset + 2 * vector }, 2);

import type { RunParameters } from '../plan.ts';
import type { ConvolutionGradientStep, ConvolutionStep, ConvolutionWeightGradientStep } from '../step.ts';
import { bufferOf, type ReferenceMemory, rowOf, rowsOf, valuesOf } from './memory.ts';

type Convolved = ConvolutionStep | ConvolutionGradientStep | ConvolutionWeightGradientStep;

export function convolution(step: ConvolutionStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width } = step;
  const rows = rowsOf(step.rows, run);
  for (let n = 0; n < rows; n++) {
    const x = rowOf(memory, step.x, n, 3 * width);
    const out = rowOf(memory, step.out, n, width);
    for (let i = 0; i < width; i++) out[i] = x[width + i] * sumOf(step, memory, n, i);
  }
}

export function convolutionGradient(step: ConvolutionGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, size } = step;
  const weight = valuesOf(memory, step.weight, width * size);
  const rows = rowsOf(step.rows, run);
  for (let n = 0; n < rows; n++) rowOf(memory, step.dX, n, 3 * width).fill(0);
  for (let n = 0; n < rows; n++) {
    const x = rowOf(memory, step.x, n, 3 * width);
    const dX = rowOf(memory, step.dX, n, 3 * width);
    const dOut = rowOf(memory, step.dOut, n, width);
    for (let i = 0; i < width; i++) {
      dX[width + i] = dOut[i] * sumOf(step, memory, n, i);
      for (const { at, j } of seen(step, memory, n)) {
        const product = dOut[i] * x[width + i] * weight[i * size + j];
        const before = rowOf(memory, step.x, at, 3 * width);
        const dBefore = rowOf(memory, step.dX, at, 3 * width);
        dBefore[i] += product * before[2 * width + i];
        dBefore[2 * width + i] += product * before[i];
      }
    }
  }
}

export function convolutionWeightGradient(
  step: ConvolutionWeightGradientStep,
  memory: ReferenceMemory,
  run: RunParameters,
): void {
  const { width, size } = step;
  const dWeight = valuesOf(memory, step.dWeight, width * size);
  const dBias = step.dBias && valuesOf(memory, step.dBias, width);
  const rows = rowsOf(step.rows, run);
  for (let n = 0; n < rows; n++) {
    const x = rowOf(memory, step.x, n, 3 * width);
    const dOut = rowOf(memory, step.dOut, n, width);
    for (let i = 0; i < width; i++) {
      const dSum = dOut[i] * x[width + i];
      if (dBias) dBias[i] += dSum;
      for (const { at, j } of seen(step, memory, n)) dWeight[i * size + j] += dSum * inputOf(step, memory, at, i);
    }
  }
}

/** What the output's gate of row n, channel i, is multiplied by. */
function sumOf(step: ConvolutionStep | ConvolutionGradientStep, memory: ReferenceMemory, n: number, i: number): number {
  const weight = valuesOf(memory, step.weight, step.width * step.size);
  let sum = step.bias ? valuesOf(memory, step.bias, step.width)[i] : 0;
  for (const { at, j } of seen(step, memory, n)) sum += weight[i * step.size + j] * inputOf(step, memory, at, i);
  return sum;
}

function inputOf({ x, width }: Convolved, memory: ReferenceMemory, n: number, i: number): number {
  const row = rowOf(memory, x, n, 3 * width);
  return row[i] * row[2 * width + i];
}

/** The rows that row n sees, and by which weight of a channel's kernel. */
function* seen({ size }: Convolved, memory: ReferenceMemory, n: number) {
  const start = bufferOf(memory, 'sequenceStart')[n];
  for (let j = 0; j < size; j++) {
    const at = n - size + 1 + j;
    if (at >= start) yield { at, j };
  }
}

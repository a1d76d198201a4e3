import type { RunParameters } from '../plan.ts';
import type { BiasGradientStep, MatmulGradientStep, MatmulStep, WeightGradientStep } from '../step.ts';
import { matrixOf, type ReferenceMemory, rowOf, rowsOf, valuesOf } from './memory.ts';

export function matmul(step: MatmulStep, memory: ReferenceMemory, run: RunParameters): void {
  const { outputs, inputs, scale } = step;
  const weight = weightOf(step, memory);
  const bias = step.bias && valuesOf(memory, step.bias, outputs);
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const x = rowOf(memory, step.x, r, inputs);
    const out = rowOf(memory, step.out, r, outputs);
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += x[i] * weight[o * inputs + i];
      out[o] = (step.accumulate ? out[o] : 0) + scale * sum + (bias?.[o] ?? 0);
    }
  }
}

export function matmulGradient(step: MatmulGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { outputs, inputs, scale } = step;
  const weight = weightOf(step, memory);
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const dOut = rowOf(memory, step.dOut, r, outputs);
    const dX = rowOf(memory, step.dX, r, inputs);
    if (!step.accumulate) dX.fill(0);
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) dX[i] += scale * dOut[o] * weight[o * inputs + i];
    }
  }
}

export function weightGradient(step: WeightGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { outputs, inputs, scale } = step;
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const x = rowOf(memory, step.x, r, inputs);
    const dOut = rowOf(memory, step.dOut, r, outputs);
    for (let o = 0; o < outputs; o++) {
      const dW = rowOf(memory, step.dW, o, inputs);
      for (let i = 0; i < inputs; i++) dW[i] += scale * dOut[o] * x[i];
    }
  }
}

export function biasGradient(step: BiasGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const dBias = valuesOf(memory, step.dBias, step.outputs);
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const dOut = rowOf(memory, step.dOut, r, step.outputs);
    for (let o = 0; o < step.outputs; o++) dBias[o] += dOut[o];
  }
}

const weightOf = ({ matrix, firstOutput, outputs, inputs }: MatmulStep | MatmulGradientStep, memory: ReferenceMemory) =>
  matrixOf(memory, matrix).subarray(firstOutput * inputs, (firstOutput + outputs) * inputs);

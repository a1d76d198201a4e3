import { activate as activation, erf } from '../../backends/reference/operations.ts';
import type { Activation } from '../../model/config.ts';
import type { RunParameters } from '../plan.ts';
import type { ActivateGradientStep, ActivateStep } from '../step.ts';
import { type ReferenceMemory, rowOf, rowsOf } from './memory.ts';

export function activate(step: ActivateStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, gated } = step;
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const x = rowOf(memory, step.x, r, gated ? 2 * width : width);
    const out = rowOf(memory, step.out, r, width);
    for (let i = 0; i < width; i++) out[i] = activation(step.activation, x[i]) * (gated ? x[width + i] : 1);
  }
}

export function activateGradient(step: ActivateGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { width, gated } = step;
  const rows = rowsOf(step.rows, run);
  for (let r = 0; r < rows; r++) {
    const x = rowOf(memory, step.x, r, gated ? 2 * width : width);
    const dOut = rowOf(memory, step.dOut, r, width);
    const dX = rowOf(memory, step.dX, r, gated ? 2 * width : width);
    for (let i = 0; i < width; i++) {
      const [gate, up, d] = [x[i], gated ? x[width + i] : 1, dOut[i]];
      dX[i] = d * up * slope(step.activation, gate);
      if (gated) dX[width + i] = d * activation(step.activation, gate);
    }
  }
}

/** Derivative of the activation. */
function slope(kind: Activation, x: number): number {
  switch (kind) {
    case 'gelu_new': {
      const scale = Math.sqrt(2 / Math.PI);
      const tanh = Math.tanh(scale * (x + 0.044715 * x ** 3));
      return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh ** 2) * scale * (1 + 3 * 0.044715 * x ** 2);
    }
    case 'gelu':
      return 0.5 * (1 + erf(x / Math.SQRT2)) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
    case 'relu':
      return x > 0 ? 1 : 0;
    case 'silu': {
      const sigmoid = 1 / (1 + Math.exp(-x));
      return sigmoid * (1 + x * (1 - sigmoid));
    }
    case 'tanh':
      return 1 - Math.tanh(x) ** 2;
  }
}

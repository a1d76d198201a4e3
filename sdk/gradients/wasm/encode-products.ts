import type { MatmulGradientStep, MatmulStep } from '../step.ts';
import { floatWord } from './machine-structs.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { Encode } from './step-encoder.ts';

/** What wasm/gradients/product.ts lays out: an edge, rows to dequantise, panels, a block that was turned. */
const scratchBytes = 128 + 256 * 32 + 16 * (256 * 32 + 64) + 64 * (256 * 4 + 64);

export const encodeMatmul: Encode<'matmul'> = (step, memory) => [
  ...matrixWords(step, memory),
  ...memory.view(step.x),
  memory.vector(step.bias),
  floatWord(step.scale),
  ...memory.view(step.out),
  Number(step.accumulate),
];

export const encodeMatmulGradient: Encode<'matmulGradient'> = (step, memory) => [
  ...matrixWords(step, memory),
  ...memory.view(step.dOut),
  floatWord(step.scale),
  ...memory.view(step.dX),
  Number(step.accumulate),
];

export const encodeWeightGradient: Encode<'weightGradient'> = (step, memory) => {
  memory.askScratch(scratchBytes);
  return [
    ...[0, ...memory.view(step.x), 0, 0, 0, step.outputs, step.inputs],
    ...memory.view(step.dOut),
    floatWord(step.scale),
    ...memory.view(step.dW),
  ];
};

/** The matrix from the step's first output on, and the two sizes. */
function matrixWords({ matrix, firstOutput, outputs, inputs }: MatmulStep | MatmulGradientStep, memory: PlanMemory) {
  memory.askScratch(scratchBytes);
  return [...memory.matrix(matrix, firstOutput), outputs, inputs];
}

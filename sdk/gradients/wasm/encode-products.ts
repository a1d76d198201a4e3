import type { MatmulGradientStep, MatmulStep } from '../step.ts';
import { floatWord } from './machine-structs.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { Encode } from './step-encoder.ts';

const dtypes = { f32: 0, q8: 1, q4: 2 } as const;

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
    ...[dtypes.f32, ...memory.view(step.x), 0, 0, 0, step.outputs, step.inputs],
    ...memory.view(step.dOut),
    floatWord(step.scale),
    ...memory.view(step.dW),
  ];
};

/** The fields of MatrixRows (wasm/gradients/matrix-rows.ts), from the step's first output on, and the two sizes. */
function matrixWords(step: MatmulStep | MatmulGradientStep, memory: PlanMemory): number[] {
  memory.askScratch(scratchBytes);
  const { spec, address, rowBytes, scales } = memory.matrix(step.matrix);
  const { firstOutput, outputs, inputs } = step;
  const first = address + firstOutput * rowBytes;
  if (spec.dtype === 'f32') return [dtypes.f32, first, rowBytes, 0, 0, 0, outputs, inputs];
  const scaleBytes = (2 * spec.K) / spec.group;
  return [
    dtypes[spec.dtype],
    first,
    rowBytes,
    scales + firstOutput * scaleBytes,
    scaleBytes,
    spec.group,
    outputs,
    inputs,
  ];
}

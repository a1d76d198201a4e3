import { describe, expect, it } from 'vitest';
import type { TrainingPlan } from '../plan.ts';
import { createReferenceExecutor } from '../reference/index.ts';
import type { Rows, Step } from '../step.ts';
import { createWasmExecutor } from './index.ts';

const most = 150;
const rows: Rows = { of: 'tokens', first: 0, most };
const view = (buffer: string, width: number, offset = 3, stride = width + 5) => ({ buffer, offset, stride, width });

/** What a product has in the tests: sizes, the matrix's dtype, and what varies. */
interface Product {
  readonly N: number;
  readonly O: number;
  readonly I: number;
  readonly dtype?: 'q8' | 'q4';
  readonly firstOutput?: number;
  readonly accumulate?: boolean;
  readonly bias?: boolean;
  readonly scale?: number;
}

const products: readonly Product[] = [
  { N: 1, O: 1, I: 1 },
  { N: 5, O: 7, I: 3, bias: true },
  { N: 150, O: 67, I: 83, accumulate: true, scale: 0.25 },
  { N: 131, O: 8, I: 96, bias: true, firstOutput: 3 },
  { N: 149, O: 96, I: 8, accumulate: true, bias: true, scale: -2 },
  { N: 3, O: 290, I: 64, bias: true },
  { N: 150, O: 300, I: 270 },
  { N: 37, O: 130, I: 523, firstOutput: 2 },
  { N: 70, O: 45, I: 128, dtype: 'q8', bias: true },
  { N: 3, O: 280, I: 320, dtype: 'q8', firstOutput: 5, scale: 0.5 },
  { N: 97, O: 33, I: 100, dtype: 'q8', accumulate: true },
  { N: 70, O: 45, I: 128, dtype: 'q4', accumulate: true, firstOutput: 1 },
  { N: 130, O: 9, I: 300, dtype: 'q4', bias: true },
];

/** A plan of one step, with room behind every row, and random values everywhere, also where results go. */
function planOf(step: Step, { O, I, dtype, firstOutput = 0 }: Product): TrainingPlan {
  const matrix = { name: 'W', rows: O + firstOutput, columns: I };
  const length = 8 + most * (Math.max(O, I) + 5);
  const K = Math.ceil(I / 32) * 32;
  return {
    buffers: ['x', 'y', 'weights', 'bias', 'dW'].map((name) => ({
      name,
      length: name === 'weights' || name === 'dW' ? 8 + (O + firstOutput) * (I + 5) : length,
      type: 'f32',
    })),
    matrices: [dtype ? { ...matrix, dtype, group: 32, K } : { ...matrix, dtype: 'f32', buffer: 'weights', offset: 1 }],
    parameters: [],
    frozen: [],
    phases: { clear: [], gradients: [step], forward: [], update: [] },
    mostTokens: most,
    mostOutputs: 0,
  };
}

/** Reproducible values in -1 … 1. */
function randomValues(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

async function runProduct(step: Step, product: Product, result: string, threads: number) {
  const plan = planOf(step, product);
  const executor = await (threads ? createWasmExecutor(plan, { threads }) : createReferenceExecutor(plan, {}));
  for (const [i, { name, length }] of plan.buffers.entries()) executor.write(name, randomValues(length, i + 1));
  const { O, I, firstOutput = 0 } = product;
  const data = randomValues((O + firstOutput) * I, 9);
  const part = { name: 'W', rowOffset: 0, rows: O + firstOutput, columns: I, rowStride: I, columnStride: 1, data };
  if (product.dtype) await executor.setTensor(part);
  const parameters = { outputs: 0, dropoutSeed: 0, learningRate: 0, correction1: 1, correction2: 1 };
  await executor.run(['gradients'], { tokens: product.N, ...parameters });
  const values = await executor.read(result, 0, plan.buffers.find(({ name }) => name === result)!.length);
  executor.dispose();
  return values;
}

const steps = {
  matmul: ({ O, I, firstOutput = 0, accumulate = false, bias = false, scale = 1 }: Product): Step => ({
    ...{ kernel: 'matmul', rows, matrix: 'W', firstOutput, outputs: O, inputs: I, scale, accumulate },
    ...{ x: view('x', I), out: view('y', O) },
    ...(bias && { bias: { buffer: 'bias', offset: 1 } }),
  }),
  matmulGradient: ({ O, I, firstOutput = 0, accumulate = false, scale = 1 }: Product): Step => ({
    ...{ kernel: 'matmulGradient', rows, matrix: 'W', firstOutput, outputs: O, inputs: I, scale, accumulate },
    ...{ dOut: view('x', O), dX: view('y', I) },
  }),
  weightGradient: ({ O, I, scale = 1 }: Product): Step => ({
    ...{ kernel: 'weightGradient', rows, outputs: O, inputs: I, scale },
    ...{ x: view('x', I), dOut: view('y', O), dW: view('dW', I) },
  }),
};

describe.each(Object.entries(steps))('%s on the CPU', (kernel, stepOf) => {
  const result = kernel === 'weightGradient' ? 'dW' : 'y';

  it.each(products)('gives what the reference gives: $N rows, $O outputs, $I inputs, $dtype', async (product) => {
    const step = stepOf(product);
    const expected = await runProduct(step, product, result, 0);
    const values = await runProduct(step, product, result, 1);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(values.findIndex((value, i) => !(Math.abs(value - expected[i]) <= 1e-5 * largest))).toBe(-1);
  });

  it.each(products)('gives the same bits on 2 and 3 threads: $N rows, $O outputs, $I inputs', async (product) => {
    const step = stepOf(product);
    const alone = await runProduct(step, product, result, 1);
    for (const threads of [2, 3]) {
      const values = await runProduct(step, product, result, threads);
      expect(values.findIndex((value, i) => !Object.is(value, alone[i]))).toBe(-1);
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { TrainingPlan } from '../plan.ts';
import { createReferenceExecutor } from '../reference/index.ts';
import type { AttentionGradientStep, AttentionStep } from '../step.ts';
import { createWasmExecutor } from './index.ts';

interface Case {
  /** Rows of each sequence. */
  readonly lengths: readonly number[];
  readonly nHead: number;
  readonly nKvHead: number;
  readonly headSize: number;
  readonly window?: number;
  readonly softCap?: number;
}

const cases: readonly Case[] = [
  { lengths: [1], nHead: 1, nKvHead: 1, headSize: 2 },
  { lengths: [7, 1, 12], nHead: 2, nKvHead: 2, headSize: 4 },
  { lengths: [64, 65, 3], nHead: 4, nKvHead: 2, headSize: 16 },
  { lengths: [150], nHead: 3, nKvHead: 1, headSize: 24, softCap: 1.5 },
  { lengths: [40, 131], nHead: 2, nKvHead: 1, headSize: 10, window: 5 },
  { lengths: [200], nHead: 2, nKvHead: 2, headSize: 64, window: 70, softCap: 2 },
  { lengths: [128, 66], nHead: 1, nKvHead: 1, headSize: 33 },
];

/** A few rows more than sequences have, to see that those are left alone. */
const spare = 5;

function planOf({ lengths, nHead, nKvHead, headSize, window = 0, softCap = 0 }: Case): TrainingPlan {
  const most = lengths.reduce((sum, length) => sum + length, spare);
  const rows = { of: 'tokens', first: 0, most } as const;
  const view = (buffer: string, width: number) => ({ buffer, offset: 1, stride: width + 3 });
  const width = (nHead + 2 * nKvHead) * headSize;
  const attended = {
    ...{ rows, nHead, nKvHead, headSize, window, softCap, scale: 2 / Math.sqrt(headSize) },
    ...{ qkv: view('qkv', width), logSumExp: view('logSumExp', nHead), out: view('out', nHead * headSize) },
  };
  const forward: AttentionStep = { kernel: 'attention', ...attended };
  const back: AttentionGradientStep = {
    ...{ kernel: 'attentionGradient', ...attended },
    ...{ dOut: view('dOut', nHead * headSize), dQkv: view('dQkv', width) },
  };
  const lengthOf = (width: number) => 1 + most * (width + 3);
  const floats = { qkv: width, dQkv: width, out: nHead * headSize, dOut: nHead * headSize, logSumExp: nHead };
  return {
    buffers: [
      ...Object.entries(floats).map(([name, width]) => ({ name, length: lengthOf(width), type: 'f32' as const })),
      { name: 'sequenceStart', length: most, type: 'i32' },
      { name: 'sequenceEnd', length: most, type: 'i32' },
    ],
    ...{ matrices: [], parameters: [], frozen: [] },
    phases: { clear: [], gradients: [forward, back], forward: [], update: [] },
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

/** Results by name, all of each buffer. */
async function runAttention(attended: Case, threads: number) {
  const plan = planOf(attended);
  const executor = await (threads ? createWasmExecutor(plan, { threads }) : createReferenceExecutor(plan, {}));
  for (const [i, { name, length, type }] of plan.buffers.entries()) {
    if (type === 'f32') executor.write(name, randomValues(length, i + 1));
  }
  let start = 0;
  for (const length of attended.lengths) {
    executor.write('sequenceStart', new Int32Array(length).fill(start), start);
    executor.write('sequenceEnd', new Int32Array(length).fill(start + length), start);
    start += length;
  }
  const parameters = { outputs: 0, dropoutSeed: 0, learningRate: 0, correction1: 1, correction2: 1 };
  await executor.run(['gradients'], { tokens: start, ...parameters });
  const results = new Map<string, Float32Array>();
  for (const name of ['out', 'logSumExp', 'dQkv']) {
    results.set(name, await executor.read(name, 0, plan.buffers.find((buffer) => buffer.name === name)!.length));
  }
  executor.dispose();
  return results;
}

describe('attention and its gradient on the CPU', () => {
  it.each(cases)(
    'are those of the reference: $lengths rows, $nHead heads of $headSize, $nKvHead of keys',
    async (attended) => {
      const expected = await runAttention(attended, 0);
      const results = await runAttention(attended, 1);
      for (const [name, values] of results) {
        const wanted = expected.get(name)!;
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const wrong = values.findIndex((value, i) => !(Math.abs(value - wanted[i]) <= 1e-5 * largest));
        expect(wrong, `${name}: ${values[wrong]} instead of ${wanted[wrong]}`).toBe(-1);
      }
    },
  );

  it.each(cases)('have the same bits on 2 and 3 threads: $lengths rows, $nHead heads', async (attended) => {
    const alone = await runAttention(attended, 1);
    for (const threads of [2, 3]) {
      for (const [name, values] of await runAttention(attended, threads)) {
        expect(values.findIndex((value, i) => !Object.is(value, alone.get(name)![i]))).toBe(-1);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { TrainingPlan } from '../plan.ts';
import type { Step } from '../step.ts';
import { createWasmExecutor } from './index.ts';

const planOf = (step: Step): TrainingPlan => ({
  buffers: ['a', 'b', 'out'].map((name) => ({ name, length: 60, type: 'f32' })),
  matrices: [],
  parameters: [],
  frozen: [],
  phases: { clear: [], gradients: [step], forward: [], update: [] },
  mostTokens: 5,
  mostOutputs: 0,
});
const run = { tokens: 4, outputs: 0, dropoutSeed: 0, learningRate: 0, correction1: 1, correction2: 1 };

describe('the WASM executor', () => {
  it.each([1, 2, 3])('adds rows on %i threads, and leaves those behind N alone', async (threads) => {
    const view = (buffer: string) => ({ buffer, offset: 1, stride: 10 });
    const rows = { of: 'tokens', first: 0, most: 5 } as const;
    const plan = planOf({ kernel: 'add', rows, width: 7, a: view('a'), b: view('b'), out: view('out') });
    const executor = await createWasmExecutor(plan, { threads });
    const a = Float32Array.from({ length: 60 }, (_, i) => i);
    executor.write('a', a);
    executor.write('b', a.map(Math.sqrt));
    executor.write('out', new Float32Array(60).fill(-1));
    await executor.run(['gradients'], run);
    const out = await executor.read('out', 0, 60);
    for (const i of out.keys()) {
      const inside = i >= 1 && (i - 1) % 10 < 7 && i < 41;
      expect(out[i], `${i}`).toBe(inside ? Math.fround(i + Math.fround(Math.sqrt(i))) : -1);
    }
    executor.dispose();
    await expect(executor.read('out', 0, 1)).rejects.toThrow('ended');
  });
});

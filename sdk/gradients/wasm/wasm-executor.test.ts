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

  it('says what would fit where there is not enough memory', async () => {
    const plan = planOf({ kernel: 'fill', at: { buffer: 'a', offset: 0 }, length: 1, value: 0 });
    const large = { ...plan, mostTokens: 4096, buffers: [{ name: 'a', length: 2 ** 30, type: 'f32' } as const] };
    await expect(createWasmExecutor(large, {})).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/memory for this training.*tokensAtOnce below 4096/),
    });
  });

  it('takes a weight in parts, wherever the plan has it, and refuses what is no number', async () => {
    const plan: TrainingPlan = {
      ...planOf({ kernel: 'fill', at: { buffer: 'b', offset: 0 }, length: 1, value: 0 }),
      buffers: ['parameters', 'a', 'b'].map((name) => ({ name, length: 20, type: 'f32' })),
      parameters: [{ name: 'w', rows: 3, columns: 2, offset: 4, decayed: true }],
      frozen: [{ name: 'v', buffer: 'a', offset: 1, length: 2 }],
    };
    const executor = await createWasmExecutor(plan, { threads: 1 });
    const part = { rowOffset: 0, rows: 1, columns: 2, rowStride: 2, columnStride: 1 };
    await executor.setTensor({ ...part, name: 'v', data: Float32Array.of(7, 8) });
    await executor.setTensor({ ...part, name: 'w', data: Float32Array.of(1, 2) });
    // Transposed, as some files hold it.
    const rest = { rowOffset: 1, rows: 2, columns: 2, rowStride: 1, columnStride: 2 };
    await executor.setTensor({ ...rest, name: 'w', data: Float32Array.of(3, 5, 4, 6) });
    await executor.setTensor({ ...part, name: 'unknown', data: Float32Array.of(9, 9) });
    expect([...(await executor.read('parameters', 3, 8))]).toEqual([0, 1, 2, 3, 4, 5, 6, 0]);
    expect([...(await executor.read('a', 0, 4))]).toEqual([0, 7, 8, 0]);
    const bad = { ...part, name: 'w', data: Float32Array.of(1, Number.NaN) };
    await expect(async () => executor.setTensor(bad)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
    executor.dispose();
  });
});

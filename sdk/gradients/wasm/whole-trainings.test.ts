import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { CreateExecutor } from '../executor.ts';
import type { PlanOptions } from '../graph/plan-options.ts';
import { createReferenceExecutor } from '../reference/index.ts';
import { openTraining, randomOptions } from '../testing/random-training.ts';
import { createWasmExecutor } from './index.ts';

const seed = Number(process.env.RANDOM_SEED ?? 1); // others by hand: RANDOM_SEED=7 RANDOM_CONFIGS=300
const configs = Number(process.env.RANDOM_CONFIGS ?? 12);

describe(`on the CPU, random kinds of models, seed ${seed}`, () => {
  const random = seededRandom(seed);
  const cases = Array.from({ length: configs }, (_, i) => randomOptions(random, i));

  it.each(cases)(
    'has the losses and gradients of the reference, and the same bits on three threads, %j',
    async (options) => {
      const wanted = await stateAfter(createReferenceExecutor, options, 1, 1);
      const found = await stateAfter(createWasmExecutor, options, 1, 1);
      // Not parameters: where a gradient is 0 but for rounding, AdamW's first update has that rounding's sign.
      for (const name of ['losses', 'norm'] as const) expectClose(name, found[name], wanted[name], 1e-4);
      for (const [name, { gradients }] of found.tensors) {
        // What is 0 to the reference has rounding here.
        expectClose(name, gradients, wanted.tensors.get(name)!.gradients, 1e-4, 1e-6 * wanted.norm[0]);
      }
      expect(await stateAfter(createWasmExecutor, options, 3, 1)).toEqual(found);
    },
  );

  it.each(cases.slice(0, 4))('stays with the reference for 50 updates, %j', async (given) => {
    // With a small epsilon, what has no gradient but rounding moves as fast as all else.
    const options = { ...given, adamW: { ...given.adamW, epsilon: 1e-4 } };
    const wanted = await stateAfter(createReferenceExecutor, options, 1, 50);
    const found = await stateAfter(createWasmExecutor, options, 1, 50);
    expectClose('losses', found.losses, wanted.losses, 1e-3);
    expect(await stateAfter(createWasmExecutor, options, 2, 50)).toEqual(found);
  });
});

/** What stands in memory after some updates with the same batch, and an evaluation. */
async function stateAfter(create: CreateExecutor, options: PlanOptions, threads: number, updates: number) {
  const { plan, executor, run } = await openTraining(options, seed, (plan) => create(plan, { threads }));
  const losses = [];
  for (let t = 1; t <= updates; t++) {
    const corrections = { correction1: 1 - 0.9 ** t, correction2: 1 - 0.99 ** t };
    await executor.run(['clear', 'gradients', 'update'], { ...run, ...corrections, learningRate: 0.003 });
    const both = await executor.read('losses', 0, 2);
    losses.push(both[0] + both[1]);
  }
  const tensors = new Map<string, { readonly gradients: Float32Array; readonly parameters: Float32Array }>();
  for (const { name, offset, rows, columns } of plan.parameters) {
    tensors.set(name, {
      gradients: await executor.read('gradients', offset, rows * columns),
      parameters: await executor.read('parameters', offset, rows * columns),
    });
  }
  const norm = await executor.read('norm', 0, 1);
  await executor.run(['clear', 'forward'], { ...run, dropoutSeed: 0 });
  losses.push(...(await executor.read('losses', 0, 2)));
  executor.dispose();
  return { tensors, norm, losses: Float32Array.from(losses) };
}

/** Differs by no more than a share of the tensor's largest value, and what may be there in any case. */
function expectClose(name: string, values: Float32Array, wanted: Float32Array, tolerance: number, floor = 0): void {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const bad = values.findIndex((value, i) => !(Math.abs(value - wanted[i]) <= tolerance * largest + floor));
  expect(bad, `${name} ${bad}: ${values[bad]}, not ${wanted[bad]}; largest ${largest}`).toBe(-1);
}

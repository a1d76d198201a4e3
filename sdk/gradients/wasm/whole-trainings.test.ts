import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../platform/seeded-random.ts';
import { openReference } from '../reference/index.ts';
import { openTraining, randomOptions } from '../testing/random-training.ts';
import { createWasmExecutor } from './index.ts';

const seed = Number(process.env.RANDOM_SEED ?? 1); // others by hand: RANDOM_SEED=7 RANDOM_CONFIGS=300
const configs = Number(process.env.RANDOM_CONFIGS ?? 12);

describe(`on the CPU, random kinds of models, seed ${seed}`, () => {
  const random = seededRandom(seed);
  it.each(Array.from({ length: configs }, (_, i) => randomOptions(random, i)))(
    'has the losses and gradients of the reference, %j',
    async (options) => {
      const reference = await openTraining(options, seed, openReference);
      const wasm = await openTraining(options, seed, (plan) => createWasmExecutor(plan, { threads: 2 }));
      for (const { executor, run } of [reference, wasm]) await executor.run(['clear', 'gradients'], run);
      const all = reference.executor.memory.buffers.get('gradients')!.map(Math.abs);
      // Some gradients are 0 by nature, as of queries with one key: there rounding is all there is.
      const rounding = 1e-5 * all.reduce((most, value) => Math.max(most, value), 0);
      for (const { name, offset, rows, columns } of [
        { name: 'losses', offset: 0, rows: 1, columns: 2 },
        ...reference.plan.parameters,
      ]) {
        const buffer = name === 'losses' ? name : 'gradients';
        const wanted = await reference.executor.read(buffer, offset, rows * columns);
        const found = await wasm.executor.read(buffer, offset, rows * columns);
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const difference = found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
        expect(difference, name).toBeLessThanOrEqual(1e-4 * largest + rounding);
      }
      wasm.executor.dispose();
    },
  );
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../platform/seeded-random.ts';
import { openReference } from '../reference/index.ts';
import { fixtureGradients, fixtureLosses, type TrainingFixture } from '../testing/pytorch-fixture.ts';
import { openTraining, randomOptions } from '../testing/random-training.ts';
import { createWasmExecutor } from './index.ts';

const fixture = JSON.parse(readFileSync('fixtures/training/expected.json', 'utf8')) as TrainingFixture;
const gradients = new Float32Array(Uint8Array.from(readFileSync('fixtures/training/gradients.f32')).buffer);

describe('on the CPU, against PyTorch', () => {
  it.each(
    Object.keys(fixture.models).flatMap((model) => (['full', 'lora'] as const).map((method) => ({ model, method }))),
  )('gradients of %j are the same', async ({ model, method }) => {
    const errors = await fixtureGradients(fixture, gradients, model, method, createWasmExecutor, { threads: 2 });
    expect(errors.length).toBeGreaterThan(10);
    for (const { name, error } of errors) expect(error, name).toBeLessThan(1e-4);
  });

  it.each(
    fixture.cases.map((each) => {
      const { model, method, labels, language, dropout } = each;
      return [`${model}, ${method}, ${labels} L2 + ${language} L1, dropout ${dropout}`, each] as const;
    }),
  )('50 steps lead the same way, on two threads to the bit as on one: %s', async (_, fixtureCase) => {
    const losses = await fixtureLosses(fixture, fixtureCase, createWasmExecutor, { threads: 1 });
    expect(losses).toHaveLength(50);
    losses.forEach((loss, step) => {
      expect(Math.abs(loss - fixtureCase.losses[step]), `step ${step}`).toBeLessThan(1e-3);
    });
    expect(await fixtureLosses(fixture, fixtureCase, createWasmExecutor, { threads: 2 })).toEqual(losses);
  });
});

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
      for (const { name, offset, rows, columns } of [
        { name: 'losses', offset: 0, rows: 1, columns: 2 },
        ...reference.plan.parameters,
      ]) {
        const buffer = name === 'losses' ? name : 'gradients';
        const wanted = await reference.executor.read(buffer, offset, rows * columns);
        const found = await wasm.executor.read(buffer, offset, rows * columns);
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const difference = found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
        expect(difference, name).toBeLessThanOrEqual(1e-4 * largest);
      }
      wasm.executor.dispose();
    },
  );
});

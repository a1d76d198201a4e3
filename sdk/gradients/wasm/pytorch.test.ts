import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixtureGradients, fixtureLosses, type TrainingFixture } from '../testing/pytorch-fixture.ts';
import { createWasmExecutor } from './index.ts';

const fixture = JSON.parse(readFileSync('fixtures/training/expected.json', 'utf8')) as TrainingFixture;
const gradients = new Float32Array(Uint8Array.from(readFileSync('fixtures/training/gradients.f32')).buffer);

describe('the CPU against PyTorch', () => {
  it.each(
    Object.keys(fixture.models).flatMap((model) =>
      (['full', 'lora'] as const).flatMap((method) =>
        [false, true].map((checkpointing) => ({ model, method, checkpointing })),
      ),
    ),
  )('has its gradients to 1e-4, %j', async ({ model, method, checkpointing }) => {
    const options = { threads: 2, checkpointing };
    const errors = await fixtureGradients(fixture, gradients, model, method, createWasmExecutor, options);
    expect(errors.length).toBeGreaterThan(10);
    for (const { name, error } of errors) expect(error, name).toBeLessThan(1e-4);
  });

  it.each(
    fixture.cases.map((each) => {
      const { model, method, labels, language, dropout } = each;
      return [`${model}, ${method}, ${labels} L2 + ${language} L1, dropout ${dropout}`, each] as const;
    }),
  )('follows 50 steps to 1e-3, with the same bits on two threads: %s', async (_, fixtureCase) => {
    const losses = await fixtureLosses(fixture, fixtureCase, createWasmExecutor, { threads: 1 });
    expect(losses).toHaveLength(50);
    losses.forEach((loss, step) => {
      expect(Math.abs(loss - fixtureCase.losses[step]), `step ${step}`).toBeLessThan(1e-3);
    });
    expect(await fixtureLosses(fixture, fixtureCase, createWasmExecutor, { threads: 2 })).toEqual(losses);
  });
});

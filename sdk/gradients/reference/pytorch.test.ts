import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixtureGradients, fixtureLosses, type TrainingFixture } from '../testing/pytorch-fixture.ts';
import { createReferenceExecutor } from './index.ts';

const fixture = JSON.parse(readFileSync('fixtures/training/expected.json', 'utf8')) as TrainingFixture;
const gradients = new Float32Array(Uint8Array.from(readFileSync('fixtures/training/gradients.f32')).buffer);

describe('against PyTorch', () => {
  it.each(
    Object.keys(fixture.models).flatMap((model) =>
      (['full', 'lora'] as const).flatMap((method) =>
        [false, true].map((checkpointing) => ({ model, method, checkpointing })),
      ),
    ),
  )('gradients of %j are the same', async ({ model, method, checkpointing }) => {
    const errors = await fixtureGradients(fixture, gradients, model, method, createReferenceExecutor, {
      checkpointing,
    });
    expect(errors.length).toBeGreaterThan(10);
    for (const { name, error } of errors) expect(error, name).toBeLessThan(1e-6);
  });

  it.each(
    fixture.cases.map(
      (each) =>
        [
          `${each.model}, ${each.method}, ${each.labels} L2 + ${each.language} L1, dropout ${each.dropout}`,
          each,
        ] as const,
    ),
  )('50 steps lead the same way: %s', async (_, fixtureCase) => {
    const losses = await fixtureLosses(fixture, fixtureCase, createReferenceExecutor);
    expect(losses).toHaveLength(50);
    losses.forEach((loss, step) => {
      expect(Math.abs(loss - fixtureCase.losses[step]), `step ${step}`).toBeLessThan(1e-5);
    });
  });
});

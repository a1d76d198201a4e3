import { readFileSync } from 'node:fs';
import type { TrainingFixture } from '../../sdk/gradients/testing/pytorch-fixture.ts';
import { expect, test } from './harness-fixture.ts';

// Training on the GPU: each kernel against the reference on fresh random numbers, then whole trainings as PyTorch does them.

const kinds = ['products', 'embeddings', 'norms', 'attention', 'values', 'losses', 'optimiser'] as const;

for (const software of [true, false]) {
  for (const kind of kinds) {
    // What a real GPU shares among a workgroup takes the software adapter half a minute to compile.
    test(`training kernels of ${software ? 'software adapters' : 'GPUs @every'} agree with the reference: ${kind}`, async ({
      lab,
    }) => {
      const found = await lab.evaluate(
        ({ kind, software }) => harness.stepDifferences(kind, Date.now() % 1e9, software),
        { kind, software },
      );
      expect(Object.keys(found).length).toBeGreaterThan(1);
      // Of the largest value of what a kernel wrote; what it was not to write still holds NaN.
      for (const [step, difference] of Object.entries(found)) expect(difference, step).toBeLessThan(1e-4);
    });
  }
}

const fixture: TrainingFixture = JSON.parse(readFileSync('fixtures/training/expected.json', 'utf8'));
const bytes = readFileSync('fixtures/training/gradients.f32');
const gradients = [...new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];

for (const model of Object.keys(fixture.models)) {
  for (const method of ['full', 'lora'] as const) {
    // Full training has all of a model's gradients; low-rank pairs are products and little else.
    test(`gradients of ${model}, ${method}, are PyTorch's${method === 'lora' ? ' @every' : ''}`, async ({ lab }) => {
      const errors = await lab.evaluate(
        ({ fixture, gradients, model, method }) =>
          harness.fixtureGradients(fixture, Float32Array.from(gradients), model, method, harness.createWebGpuExecutor),
        { fixture, gradients, model, method },
      );
      expect(errors.length).toBeGreaterThan(3);
      for (const { name, error } of errors) expect(error, name).toBeLessThan(1e-4);
    });
  }
}

for (const each of fixture.cases) {
  const { model, method, labels, language, dropout, losses } = each;
  const what = `${model}, ${method}, ${labels} L2 + ${language} L1, dropout ${dropout}`;
  test(`${losses.length} steps of ${what} follow PyTorch's loss @every`, async ({ lab }) => {
    const found = await lab.evaluate(
      ({ fixture, each }) => harness.fixtureLosses(fixture, each, harness.createWebGpuExecutor),
      { fixture, each },
    );
    expect(found).toHaveLength(losses.length);
    found.forEach((loss, step) => {
      expect(Math.abs(loss / losses[step] - 1), `step ${step + 1}`).toBeLessThan(1e-3);
    });
  });
}

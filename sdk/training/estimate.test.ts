import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmExecutor } from '../gradients/wasm/index.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { makeJob } from './descent/make-job.ts';
import { estimate } from './estimate.ts';
import { Pacer } from './pacer.ts';
import { planOf } from './run/plan-of.ts';

let model: GptModel;
beforeAll(async () => {
  model = await loadModelHere('models/default', resolveLoadOptions({ backend: 'wasm', dtype: 'q8' }));
});
afterAll(() => model.dispose());
const examples = Array.from({ length: 40 }, (_, i) => ({
  text: `This is the text of number ${i}.`,
  label: `${i % 2}`,
}));
const MB = 2 ** 20;

describe('estimate', () => {
  it.each(['lora', 'full'] as const)("says what memory '%s' takes, to a tenth", async (method) => {
    const { memoryBytes, tokens, steps, secondsPerEpoch } = await estimate(model, examples, { method, heldOut: 0 });
    expect(tokens).toBe(examples.reduce((sum, { text }) => sum + model.tokenizer.count(text), 0));
    expect(steps).toBeGreaterThanOrEqual(100);
    expect(secondsPerEpoch).toBeGreaterThan(0);
    const request = { model, task: 'classification', method, given: { heldOut: 0 } } as const;
    const { job } = await makeJob(request, examples, new Pacer(new AbortController().signal));
    const executor = await createWasmExecutor(planOf(job), { threads: 1 });
    expect(executor.bytes / memoryBytes).toBeGreaterThan(0.9);
    expect(executor.bytes / memoryBytes).toBeLessThan(1.1);
    executor.dispose();
  });

  it('knows as much from sizes alone', async () => {
    const of = async (options: object, tokens = 200) =>
      (await estimate(model, { examples: 1000, tokens }, options)).memoryBytes;
    expect(await of({ method: 'head' })).toBeLessThan(2 * MB);
    const lora = await of({ method: 'lora' });
    expect(await of({ method: 'lora', checkpointing: true })).toBeLessThan(lora);
    expect(await of({ method: 'lora', tokensAtOnce: 200 })).toBeLessThan(lora / 2);
    expect(await of({ method: 'full' })).toBeGreaterThan(lora);
    const { tokens } = await estimate(model, { examples: 1000, tokens: 200 }, { method: 'lora' });
    expect(tokens).toBe(800 * 200);
  });

  it.each<[string, unknown, object, RegExp]>([
    ['sizes that are none', { examples: 0, tokens: 3 }, {}, /examples\.examples is 0/],
    ['options of another method', { examples: 1, tokens: 3 }, { rank: 3 }, /rank is an option of method 'lora'/],
    ['examples of another task', [{ text: 'x' }], { method: 'lora' }, /examples\[0\]\.label is undefined/],
  ])('refuses %s', async (_, given, options, message) => {
    await expect(estimate(model, given as never, options)).rejects.toThrow(message);
  });
});

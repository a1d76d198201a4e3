import type { callEverything } from '../page/openai-calls.ts';
import { chatModelTexts, expectAnswers, openaiSource } from '../page/openai-source.ts';
import { expectedTokens } from '../projects/expected-tokens.ts';
import { harnessSource } from '../webgpu/harness-source.ts';
import { checkEngine } from './checks.ts';
import { expect, test } from './engine-fixture.ts';

declare const openaiCalls: { callEverything: typeof callEverything };

checkEngine('Firefox');

test('Firefox: the official openai client chats, streams, parses objects, runs tools and embeds', async ({ tab }) => {
  const answers = await tab.evaluate(
    async ({ source, files }) => {
      // As a script element would: the bundle declares a global.
      new Function(`${source}; globalThis.openaiCalls = openaiCalls;`)();
      return openaiCalls.callEverything(files);
    },
    { source: await openaiSource(), files: chatModelTexts() },
  );
  expectAnswers(answers);
});

for (const dtype of ['f32', 'f16']) {
  test(`Firefox on WebGPU in ${dtype}: the command line's tokens${dtype === 'f16' ? ' @every' : ''}`, async ({
    tab,
  }) => {
    const { webgpu, ...model } = await tab.evaluate(async (dtype) => {
      const { loadModel, probe } = await import('/dist/index.js' as string);
      const model = await loadModel(undefined, { backend: 'webgpu', dtype });
      const { tokenIds } = await model.generate('Once upon a time', { maxNewTokens: 32, temperature: 0 });
      return { webgpu: (await probe()).webgpu, tokenIds, backend: model.backend, dtype: model.dtype };
    }, dtype);
    expect(webgpu?.features).toContain('shader-f16');
    expect(model).toEqual({ backend: 'webgpu', dtype, tokenIds: await expectedTokens('f32') });
  });
}

for (const software of [true, false]) {
  for (const dtype of ['f32', 'f16', 'q8', 'q4'] as const) {
    // Each dtype by the kernels of one kind of adapter; Chromium runs all by both.
    const every = software === ['f32', 'q8'].includes(dtype) ? '' : ' @every';
    test(`Firefox: ${software ? 'software' : 'GPU'} kernels in ${dtype} agree with their twins${every}`, async ({
      tab,
    }) => {
      const found = await tab.evaluate(
        async ({ source, software, dtype }) => {
          // As a script element would: the bundle declares a global.
          new Function(`${source}; globalThis.harness = harness;`)();
          const traits = { software, subgroups: false };
          return {
            ...(await harness.kernelDifferences(traits, dtype, 'gelu_new')),
            ...Object.fromEntries(
              Object.entries(await harness.familyKernelDifferences(traits, dtype)).map(([name, most]) => [
                `later ${name}`,
                most,
              ]),
            ),
          };
        },
        { source: await harnessSource(), software, dtype },
      );
      expect(Object.keys(found)).toHaveLength(software ? 29 : 31);
      for (const [kernel, difference] of Object.entries(found)) {
        // As in Chromium, see e2e/webgpu/kernels.spec.ts.
        const tolerance = kernel.endsWith('cache') && dtype !== 'f32' ? 2e-3 : 2e-5;
        expect(difference, kernel).toBeLessThan(tolerance);
      }
    });
  }
}

for (const [name, adapted, tag] of [
  // The two that have most of their own, and one with an adapter.
  ['Gemma 3', false, ''],
  ['LFM 2', false, ''],
  ['LFM 2', true, ''],
  ['Qwen 3', false, ' @every'],
  ['OLMo 2', false, ' @every'],
  ['Gemma 2', true, ' @every'],
] as const) {
  const what = adapted ? `${name} with an adapter` : name;
  test(`Firefox: ${what} agrees with the reference in all that an engine does${tag}`, async ({ tab }) => {
    const found = await tab.evaluate(
      async ({ source, name, adapted }) => {
        new Function(`${source}; globalThis.harness = harness;`)();
        const { engineDifferences, familyConfigs, makeConfig, randomAdapter } = harness;
        const config = makeConfig(familyConfigs[name]);
        const adapter = adapted ? randomAdapter(config, 3, 0.5, 1) : undefined;
        return engineDifferences(config, { software: true }, 1, adapter);
      },
      { source: await harnessSource(), name, adapted },
    );
    expect(Object.keys(found)).toHaveLength(12);
    for (const [what, value] of Object.entries(found)) expect(value, what).toBeLessThan(1e-4);
  });
}

// Chromium runs all in every test run; here it takes a minute.
for (const [kinds, every] of [
  [['embeddings', 'norms', 'losses'], ''],
  [['products', 'attention', 'values', 'optimiser'], ' @every'],
] as const) {
  test(`Firefox: training kernels agree with the reference: ${kinds.join(', ')}${every}`, async ({ tab }) => {
    const found = await tab.evaluate(
      async ({ source, kinds }) => {
        new Function(`${source}; globalThis.harness = harness;`)();
        const all: Record<string, number> = {};
        for (const kind of kinds) Object.assign(all, await harness.stepDifferences(kind, Date.now() % 1e9));
        return all;
      },
      { source: await harnessSource(), kinds },
    );
    expect(Object.keys(found).length).toBeGreaterThan(15);
    for (const [step, difference] of Object.entries(found)) expect(difference, step).toBeLessThan(1e-4);
  });
}

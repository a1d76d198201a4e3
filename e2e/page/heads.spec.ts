// The tasks of gptlet/heads in a page, through the worker, on both backends, against the PyTorch reference.
import { readFileSync } from 'node:fs';
import type { Classifier } from '../../sdk/heads/classifier.ts';
import { readTaskFixture, taskFixtures } from '../../sdk/heads/testing/task-expectations.ts';
import { expect, test } from '../shared-page.ts';

// A checkpoint's optional files are asked for and may be absent, which Chromium logs.
test.use({ expectedErrors: /status of 404/ });

/** On a software adapter each takes seconds, and tasks are the same over both backends: there, each family and each kind of head once. */
const seldom = ['gpt1-entailment-classifier', 'gpt2-classifier', 'gpt-neo-classifier'];
const every = (backend: string, name: string): string =>
  backend === 'webgpu' && seldom.includes(name) ? ' @every' : '';

for (const backend of ['webgpu', 'wasm'] as const) {
  for (const name of taskFixtures) {
    test(`${backend}: ${name} answers as the reference does${every(backend, name)}`, async ({ page }) => {
      const { expected, largestError } = readTaskFixture(name);
      await page.goto('/e2e/page/blank.html');
      const answers = await page.evaluate(
        async ({ backend, name, expected }) => {
          const { loadClassifier } = await import('/dist/heads.js' as string);
          const url = new URL(`/fixtures/${name}`, location.href);
          const classifier: Classifier = await loadClassifier(url, { backend, dtype: 'f32' });
          const { classify = [], entail = [], similarity = [], choose } = expected;
          const texts = classify.map(({ text }) => text);
          const answers = {
            classify: await Promise.all(texts.map((text) => classifier.classify(text))),
            classifyBatch: texts.length > 0 ? await classifier.classifyBatch(texts) : [],
            entail: await Promise.all(entail.map((pair) => classifier.entail(pair))),
            similarity: await Promise.all(similarity.map((pair) => classifier.similarity(pair))),
            choose: await Promise.all(choose.map((task) => classifier.choose(task))),
            backend: classifier.model.backend,
          };
          await classifier.dispose();
          return answers;
        },
        { backend, name, expected },
      );
      expect(answers.backend).toBe(backend);
      // 1e-4 in two logits moves a softmax by half of it; a regression's value is the logit, in similarity the sum of two.
      expect(largestError(answers)).toBeLessThan(name.includes('regression') ? 2e-4 : 5e-5);
    });
  }

  for (const name of ['gpt2-classifier', 'gpt1-classifier', 'gpt-neo-classifier']) {
    test(`${backend}: ${name} gives the reference logits, single and batched, to 1e-4${every(backend, name)}`, async ({
      page,
    }) => {
      const { rows } = JSON.parse(readFileSync(`fixtures/${name}/expected.json`, 'utf8')) as {
        rows: { ids: number[]; logits: number[] }[];
      };
      await page.goto('/e2e/page/blank.html');
      const { alone, together } = await page.evaluate(
        async ({ backend, name, rows }) => {
          const { loadClassifier } = await import('/dist/heads.js' as string);
          const url = new URL(`/fixtures/${name}`, location.href);
          const { model }: Classifier = await loadClassifier(url, { backend, dtype: 'f32' });
          const alone = await Promise.all(rows.map(({ ids }) => model.classifyIds(ids)));
          const together = await model.classifyIdsBatch(rows.map(({ ids }) => ids));
          await model.dispose();
          return { alone: alone.map((logits) => [...logits]), together: together.map((logits) => [...logits]) };
        },
        { backend, name, rows },
      );
      for (const [r, { logits }] of rows.entries()) {
        for (const [i, logit] of logits.entries()) {
          expect(Math.abs(alone[r][i] - logit)).toBeLessThan(1e-4);
          expect(Math.abs(together[r][i] - logit)).toBeLessThan(1e-4);
        }
      }
    });
  }
}

for (const backend of ['wasm', 'webgpu']) {
  test(`${backend}: queries after the first find the shots of a few-shot prompt in the KV cache`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.goto('/e2e/page/blank.html');
    const found = await page.evaluate(async (backend) => {
      const { loadModel } = await import('/dist/index.js' as string);
      const { fewShot } = await import('/dist/prompting.js' as string);
      const model = await loadModel('/fixtures/gpt2-tiny', { backend, dtype: 'f32', cache: false });
      const examples = Array.from({ length: 4 }, (_, i) => ({ input: `word ${i}`, output: `thing ${i}` }));
      const build = (query: string): string => fewShot(model, { examples, query, reserveTokens: 4 }).prompt;
      const shots = model.tokenizer.count(build('').slice(0, build('').lastIndexOf('Input:')));
      const usages = [];
      for (const query of ['an oak', 'a rose', 'two cats'])
        usages.push((await model.generate(build(query), { maxNewTokens: 2, temperature: 0 })).usage);
      await model.dispose();
      return { shots, usages };
    }, backend);
    expect(found.shots).toBeGreaterThan(40);
    expect(found.usages[0].cachedTokens).toBe(0);
    for (const { cachedTokens, promptTokens } of found.usages.slice(1)) {
      expect(cachedTokens).toBeGreaterThanOrEqual(found.shots);
      expect(cachedTokens).toBeLessThan(promptTokens);
    }
  });
}

// What using a model leaves behind, and what happens to it when page or worker go.
import { chromium, type Page } from '@playwright/test';
import { measureLifeCycle } from '../../bench/life-cycle/measure.mjs';
import type { Generation, GenerationResult, GptModel } from '../../sdk/index.ts';
import { expect, test } from '../serving.ts';

const blank = '/e2e/page/blank.html';

test.describe('over and over', () => {
  for (const { backend, worker } of [
    { backend: 'wasm', worker: true },
    { backend: 'webgpu', worker: false },
  ] as const) {
    test(`${backend}: aborted generations and disposed models leave nothing`, async ({ browser, site }) => {
      // A short form of `npm run bench -- life-cycle`.
      const [aborts, loads] = backend === 'wasm' ? [120, 6] : [6, 2];
      const found = await measureLifeCycle(browser, site.url, { backend, worker, aborts, loads });
      const { beforeLoads, afterLoads, beforeAborts, afterAborts } = found;
      expect([beforeLoads.workers, afterLoads.workers]).toEqual([0, 0]);
      expect([beforeLoads.gpuBuffers, afterLoads.gpuBuffers]).toEqual([0, 0]);
      expect(beforeAborts.workers).toBe(worker ? 1 : 0);
      if (backend === 'webgpu') expect(beforeAborts.gpuBuffers).toBeGreaterThan(0);
      expect(afterAborts.workers).toBe(beforeAborts.workers);
      expect(afterAborts.gpuBuffers).toBe(beforeAborts.gpuBuffers);
      // A model weighs 10 MB and more: a few that stay would show. In the page's own thread freed memory stays the process's.
      if (worker) expect(afterLoads.megabytes - beforeLoads.megabytes, 'MB more after loads').toBeLessThan(40);
      expect(afterAborts.megabytes - beforeAborts.megabytes, 'MB more after aborts').toBeLessThan(20);
    });
  }
});

test('a worker that is ended amid a token: the call says so, and the next load works', async ({ page }) => {
  await page.goto(blank);
  const { during, after, dispose, next } = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const codeOf = (error: { code?: string }) => error.code ?? String(error);
    const worker = new Worker('/dist/worker.js');
    const model = await loadModel(undefined, { backend: 'wasm', worker });
    const run = model.generate('Once upon a time', { maxNewTokens: 400, stopTokenIds: [] });
    const during = await (async () => {
      for await (const _ of run) worker.terminate();
      return 'ended';
    })().catch(codeOf);
    const after = await model.generate('x').then(() => 'worked', codeOf);
    const dispose = await model.dispose().then(() => 'disposed', codeOf);
    const fresh = await loadModel(undefined, { backend: 'wasm' });
    const { tokenIds } = await fresh.generate('Once', { maxNewTokens: 3, stopTokenIds: [] });
    return { during, after, dispose, next: tokenIds.length };
  });
  expect({ during, after, dispose, next }).toEqual({
    during: 'WORKER_FAILED',
    after: 'WORKER_FAILED',
    dispose: 'disposed',
    next: 3,
  });
});

test('generate() after its shared worker was ended: one call says so, the next one works', async ({ page }) => {
  await page.goto(blank);
  const outcomes = await page.evaluate(async () => {
    // The only hand on the package's own worker: its constructor.
    const started: Worker[] = [];
    const Original = Worker;
    globalThis.Worker = class extends Original {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        started.push(this);
      }
    };
    const { generate } = await import('/dist/index.js' as string);
    const options = { backend: 'wasm', maxNewTokens: 3, stopTokenIds: [] };
    const outcome = () =>
      generate('Once', options).then(
        ({ tokenIds }: { tokenIds: number[] }) => tokenIds.length,
        (error: { code?: string }) => error.code,
      );
    const first = await outcome();
    started[0].terminate();
    return [first, await outcome(), await outcome(), started.length];
  });
  expect(outcomes).toEqual([3, 'WORKER_FAILED', 3, 2]);
});

test('files given to generate() leave no worker once the text is there', async ({ page }) => {
  await page.goto(blank);
  const tokens = await page.evaluate(async () => {
    const { generate } = await import('/dist/index.js' as string);
    const names = ['config.json', 'model.safetensors'];
    const files = Object.fromEntries(
      names.map((name) => [name, new URL(`/fixtures/gpt2-tiny/${name}`, location.href)]),
    );
    return (await generate([1, 2, 3], { model: files, backend: 'wasm', maxNewTokens: 2 })).tokenIds.length;
  });
  expect(tokens).toBe(2);
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a mount that is undone at once, as React StrictMode does, leaves one worker', async ({ page }) => {
  await page.goto(blank);
  const tokens = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const mount = () => {
      const stop = new AbortController();
      const model = loadModel(undefined, { backend: 'wasm', signal: stop.signal });
      model.catch(() => {});
      return { model, unmount: () => stop.abort() };
    };
    mount().unmount();
    const { model } = mount();
    return (await (await model).generate('Once', { maxNewTokens: 2, stopTokenIds: [] })).tokenIds.length;
  });
  expect(tokens).toBe(2);
  await expect.poll(() => page.workers().length).toBe(1);
});

test('a page that is left amid a generation takes its worker along, and works when one comes back', async ({
  page,
}) => {
  await page.goto(blank);
  const begin = () =>
    page.evaluate(async () => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(undefined, { backend: 'wasm' });
      const run = model.generate('Once upon a time', { maxNewTokens: 500, stopTokenIds: [] });
      for await (const { tokenIds } of run) return tokenIds.length;
    });
  expect(await begin()).toBe(1);
  await page.goto('about:blank');
  await expect.poll(() => page.workers().length).toBe(0);
  await page.goBack();
  expect(await begin()).toBe(1);
});

// Playwright turns the back-forward cache off, so this one starts a browser of its own.
for (const when of ['amid a generation', 'at rest'] as const) {
  test(`a page left ${when} is kept whole by the back-forward cache, and its model works on`, async ({
    site,
  }, info) => {
    const browser = await chromium.launch({
      ...info.project.use.launchOptions,
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    try {
      const page = await browser.newPage();
      await page.goto(site.url + blank);
      await page.evaluate(async (when) => {
        const events: string[] = [];
        for (const type of ['pagehide', 'pageshow'] as const) {
          addEventListener(type, ({ persisted }) => events.push(`${type} ${persisted}`));
        }
        const { loadModel } = await import('/dist/index.js' as string);
        const model = await loadModel(undefined, { backend: 'wasm' });
        const whole = await model.generate('Once upon a time', { minNewTokens: 150, maxNewTokens: 150, seed: 1 });
        const run = model.generate('Once upon a time', { minNewTokens: 150, maxNewTokens: 150, seed: 1 });
        if (when === 'amid a generation') await run[Symbol.asyncIterator]().next();
        else await run;
        Object.assign(window, { events, model, run, whole });
      }, when);
      await page.goto(`${site.url}${blank}?elsewhere`);
      await page.waitForTimeout(300);
      await page.goBack({ waitUntil: 'commit' });
      expect(await afterReturn(page)).toEqual({
        events: ['pagehide true', 'pageshow true'],
        same: true,
        next: 3,
        afterDispose: 'DISPOSED',
      });
    } finally {
      await browser.close();
    }
  });
}

/** What the page noticed, whether the run that was under way has got the tokens of one that was left alone, and what the model does now. */
const afterReturn = (page: Page) =>
  page.evaluate(async () => {
    interface Kept {
      readonly events: string[];
      readonly model: GptModel;
      readonly run: Generation;
      readonly whole: GenerationResult;
    }
    const { events, model, run, whole } = window as unknown as Kept;
    const same = String((await run).tokenIds) === String(whole.tokenIds);
    const next = (await model.generate('Once', { maxNewTokens: 3, stopTokenIds: [] })).tokenIds.length;
    await model.dispose();
    const afterDispose = await model.generate('Once').then(
      () => 'worked',
      (error: { code: string }) => error.code,
    );
    return { events, same, next, afterDispose };
  });

// What is the same in every engine: declared once, run in each by its own file.

import type { Generation, GptModel } from '../../sdk/index.ts';
import { disposeAmidCalls, disposedAmidCalls } from '../page/dispose-amid-calls.ts';
import { expectedTokens } from '../projects/expected-tokens.ts';
import { checkPlaces } from './check-places.ts';
import { type EngineName, expect, isInstalled, test } from './engine-fixture.ts';

/** Declares the tests that every engine has to pass. Call it once a file, at its top level. */
export function checkEngine(name: EngineName): void {
  test.use({ engineName: name });
  test.describe.configure({ mode: 'default' });
  test.skip(!isInstalled(name), `${name} is not installed`);

  test(`${name} streams the command line's tokens through a worker, in pieces`, async ({ tab, engine }) => {
    test.info().annotations.push({ type: 'engine', description: engine.version });
    const { parts, tokenIds, text, joined } = await tab.evaluate(async () => {
      const { generate } = await import('/dist/index.js' as string);
      const run = generate('Once upon a time', { maxNewTokens: 32, temperature: 0, backend: 'wasm' });
      const pieces: string[] = [];
      for await (const part of run) pieces.push(part.text);
      const { tokenIds, text } = await run;
      return { parts: pieces.length, joined: pieces.join(''), tokenIds, text };
    }, undefined);
    expect(tokenIds).toEqual(await expectedTokens());
    expect(joined).toBe(text);
    expect(parts).toBeGreaterThan(5);
  });

  test(`${name} stops within a token when aborted, and the model goes on working`, async ({ tab }) => {
    const { runs, next } = await tab.evaluate(async () => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(undefined, { backend: 'wasm' });
      const runs: { seen: number; finishReason: string }[] = [];
      for (let i = 0; i < 3; i++) {
        const stop = new AbortController();
        const options = { minNewTokens: 200, maxNewTokens: 200, signal: stop.signal };
        const run = model.generate('Once upon a time', options);
        let seen = 0;
        for await (const part of run) {
          seen += part.tokenIds.length;
          if (seen >= 4) stop.abort();
        }
        runs.push({ seen, finishReason: (await run).finishReason });
      }
      const next = (await model.generate('Once there was', { maxNewTokens: 3, temperature: 0 })).tokenIds.length;
      await model.dispose();
      return { runs, next };
    }, undefined);
    for (const { finishReason } of runs) expect(finishReason).toBe('aborted');
    // The best of three: a busy machine may hold the page up while its worker goes on.
    expect(Math.min(...runs.map(({ seen }) => seen))).toBeLessThan(40);
    expect(next).toBe(3);
  });

  test(`${name} comes back to a page that was left amid a generation: it, or a page loaded anew, works`, async ({
    tab,
    site,
  }) => {
    await tab.evaluate(async () => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(undefined, { backend: 'wasm' });
      const run = model.generate('Once upon a time', { minNewTokens: 200, maxNewTokens: 200 });
      await run[Symbol.asyncIterator]().next();
      Object.assign(window, { kept: { model, run } });
    }, undefined);
    await tab.goto(`${site.url}/e2e/page/blank.html?elsewhere`);
    await tab.evaluate(async () => void setTimeout(() => history.back(), 50), undefined);
    const isBack = () => tab.evaluate(async () => location.search === '', undefined).catch(() => false);
    await expect.poll(isBack).toBe(true);
    const { persisted, interrupted, next } = await tab.evaluate(async () => {
      const { kept } = window as unknown as { kept?: { model: GptModel; run: Generation } };
      const { loadModel } = await import('/dist/index.js' as string);
      const interrupted = kept && (await kept.run).tokenIds.length;
      const model = kept?.model ?? (await loadModel(undefined, { backend: 'wasm' }));
      const { tokenIds } = await model.generate('Once', { maxNewTokens: 3, stopTokenIds: [] });
      await model.dispose();
      return { persisted: kept !== undefined, interrupted, next: tokenIds.length };
    }, undefined);
    console.log(`${name}: the page was ${persisted ? 'kept by the back-forward cache' : 'loaded anew'}`);
    expect(interrupted).toBe(persisted ? 200 : undefined);
    expect(next).toBe(3);
  });

  test(`${name}: a model that is disposed of amid calls ends its own, each in its way, and no other's`, async ({
    tab,
  }) => {
    for (const worker of [true, 'shared'] as const)
      expect(await tab.evaluate(disposeAmidCalls, { backend: 'wasm', worker })).toEqual(disposedAmidCalls);
  });

  test(`${name} uses threads where isolated, with the same tokens`, async ({ tab }) => {
    const { capabilities, threads, one, two } = await tab.evaluate(async () => {
      const { loadModel, probe } = await import('/dist/index.js' as string);
      // A worker that reports every worker it starts in turn.
      const source = `const Base = Worker; const news = new BroadcastChannel('threads');
        self.Worker = class extends Base { constructor(...given) { super(...given); news.postMessage(1); } };
        importScripts('${location.origin}/dist/worker.js');`;
      let threads = 0;
      new BroadcastChannel('threads').onmessage = () => threads++;
      const worker = () => new Worker(URL.createObjectURL(new Blob([source])));
      const tokens = async (count: number) => {
        const model = await loadModel(undefined, { backend: 'wasm', threads: count, worker });
        const { tokenIds } = await model.generate('Once upon a time', { maxNewTokens: 12, temperature: 0 });
        await model.dispose();
        return tokenIds;
      };
      const [one, two] = [await tokens(1), await tokens(2)];
      return { capabilities: await probe(), threads, one, two };
    }, undefined);
    expect(capabilities).toMatchObject({ crossOriginIsolated: true, wasm: { available: true, simd: true } });
    expect(capabilities.threads).toBeGreaterThan(1);
    expect(threads, 'one more than the worker itself').toBe(1);
    expect(two).toEqual(one);
  });

  test(`${name} keeps downloaded weights where it can, and loads them again where it cannot`, async ({ tab, site }) => {
    const load = () =>
      tab.evaluate(async () => {
        const { listCached, loadModel } = await import('/dist/index.js' as string);
        const model = await loadModel('/fixtures/gpt2-tiny/', { backend: 'wasm', dtype: 'f32' });
        const { tokenIds } = await model.generate([1, 2, 3], { temperature: 0, maxNewTokens: 10 });
        await model.dispose();
        return { tokenIds, kept: (await listCached()).length };
      }, undefined);
    const weights = () => site.requested.filter((path) => path.includes('gpt2-tiny/model.safetensors')).length;
    const earlier = weights();
    const first = await load();
    const downloads = weights() - earlier;
    const second = await load();
    const again = weights() - earlier - downloads;
    expect(second.tokenIds).toEqual(first.tokenIds);
    expect(second.tokenIds).toHaveLength(10);
    expect(downloads).toBeGreaterThan(0);
    // Asking whether the file is still the same one reads none of it.
    if (second.kept > 0) expect(again).toBeLessThanOrEqual(1);
    else expect(again).toBe(downloads);
    test.info().annotations.push({ type: 'weight cache', description: second.kept > 0 ? 'kept' : 'not kept' });
  });

  test(`${name} says what is wrong: a worker that is not there, an option that does not exist`, async ({ tab }) => {
    const errors = await tab.evaluate(async () => {
      const { loadModel } = await import('/dist/index.js' as string);
      const told = (error: { code?: string; message: string }) => `${error.code}: ${error.message}`;
      return [
        await loadModel(undefined, { worker: () => new Worker('/dist/no-such-worker.js') }).catch(told),
        await loadModel(undefined, { backend: 'cuda' }).catch(told),
      ];
    }, undefined);
    expect(errors[0]).toMatch(/^WORKER_FAILED/);
    expect(errors[1]).toMatch(/^INVALID_OPTION.*cuda/);
  });

  checkPlaces(name);
}

// A GPU device is lost while a model uses it, in the worker, as a reset driver or a crashed GPU process would have it.
import { expect, test } from '../shared-page.ts';
import { asRealGpu, type GpuPage, prepare, prepareGenerate } from './gpu-worker.ts';

for (const [kind, options] of [
  ['greedy', { temperature: 0 }],
  ['drawn from candidates', { topK: 40, seed: 3 }],
  ['drawn from whole rows @every', { topP: 0.9, seed: 5 }],
] as const) {
  test(`a generation goes on with the same tokens after a loss, ${kind}`, async ({ page }) => {
    await prepare(page);
    const found = await page.evaluate(async (options) => {
      const { load, lose } = window as unknown as GpuPage;
      const model = await load('/fixtures/gpt2-tiny', { backend: 'webgpu', dtype: 'f32' });
      const prompt = [1, 5, 9, 2, 7];
      const all = { maxNewTokens: 40, stopTokenIds: [], ...options };
      const wanted = (await model.generate(prompt, all)).tokenIds;
      // Another prompt between, so that nothing comes out of the cache.
      await model.generate([8, 8, 8], { maxNewTokens: 1 });
      const lost = await lose('lose later');
      const ids: number[] = [];
      for await (const part of model.generate(prompt, all)) ids.push(...part.tokenIds);
      const devices = await lose('count');
      await model.dispose();
      return { wanted, ids, devices: [lost, devices] };
    }, options);
    expect(found.wanted).toHaveLength(40);
    expect(found.ids).toEqual(found.wanted);
    expect(found.devices).toEqual(['1 devices', '2 devices']);
  });
}

test('a device that is lost at rest costs no token, and what it had cached counts as cached', async ({ page }) => {
  await prepare(page);
  const found = await page.evaluate(async () => {
    const { load, lose } = window as unknown as GpuPage;
    const model = await load('/fixtures/gpt2-tiny', { backend: 'webgpu', dtype: 'f32' });
    const run = () => model.generate([1, 5, 9, 2, 7], { maxNewTokens: 24, temperature: 0, stopTokenIds: [] });
    const wanted = (await run()).tokenIds;
    await lose();
    const { tokenIds, usage } = await run();
    const devices = await lose('count');
    await model.dispose();
    return { wanted, tokenIds, cached: usage.cachedTokens, devices };
  });
  expect(found).toMatchObject({ tokenIds: found.wanted, cached: 4, devices: '2 devices' });
});

test('beams go on as well', async ({ page }) => {
  await prepare(page);
  const { wanted, found, devices } = await page.evaluate(async () => {
    const { load, lose } = window as unknown as GpuPage;
    const model = await load('/fixtures/gpt2-tiny', { backend: 'webgpu', dtype: 'f32' });
    const search = () =>
      model.generate([1, 5, 9], { numBeams: 3, numSequences: 3, maxNewTokens: 24, stopTokenIds: [] });
    const wanted = (await search()).sequences;
    await lose('lose later');
    const found = (await search()).sequences;
    return { wanted, found, devices: await lose('count') };
  });
  expect(devices).toBe('2 devices');
  expect(wanted).toHaveLength(3);
  expect(found).toEqual(wanted);
});

test('the embedded model comes back from where it was loaded, in f16, and its bytes are told', async ({ page }) => {
  await prepare(page);
  const found = await page.evaluate(async () => {
    const { load, lose } = window as unknown as GpuPage;
    const model = await load(undefined, { backend: 'webgpu' });
    const options = { maxNewTokens: 8, temperature: 0 };
    const wanted = (await model.generate('Once upon a time', options)).text;
    const before = model.bytes;
    await lose();
    const again = (await model.generate('Once upon a time', options)).text;
    return { wanted, again, backend: model.backend, dtype: model.dtype, before, after: model.bytes };
  });
  expect(found.again).toBe(found.wanted);
  expect(found.after).toEqual(found.before);
  expect(found).toMatchObject({ backend: 'webgpu', dtype: 'f16' });
});

test('generate() goes on with the same tokens, in the worker that knows the embedded model only', async ({ page }) => {
  await prepareGenerate(page);
  const found = await page.evaluate(async () => {
    const { lose } = window as unknown as GpuPage;
    const { generate } = await import('/dist/index.js' as string);
    const call = async (prompt: string): Promise<number[]> =>
      (await generate(prompt, { backend: 'webgpu', maxNewTokens: 24, temperature: 0 })).tokenIds;
    const wanted = await call('Once upon a time');
    await call('In the garden');
    const devices = [await lose('lose later')];
    const during = await call('Once upon a time');
    devices.push(await lose());
    const afterwards = await call('Once upon a time');
    devices.push(await lose('lose for good'));
    const gone = await call('The end').then(String, ({ code, message }) => `${code}: ${message}`);
    return { wanted, during, afterwards, devices, gone };
  });
  expect(page.workers().map((worker) => worker.url().replace(/.*\//, ''))).toEqual(['worker-embedded.js']);
  expect(found.wanted).toHaveLength(24);
  expect(found.during).toEqual(found.wanted);
  expect(found.afterwards).toEqual(found.wanted);
  expect(found.devices).toEqual(['1 devices', '2 devices', '3 devices']);
  expect(found.gone).toMatch(/^DEVICE_LOST: .*no adapter/);
});

test('without another device an auto model moves to WASM, and says so', async ({ page }) => {
  // An adapter that passes for a real GPU and was once found to be the faster backend.
  await prepare(page, asRealGpu);
  const found = await page.evaluate(async () => {
    const { load, lose, rememberWebGpu } = window as unknown as GpuPage;
    await rememberWebGpu();
    const model = await load('/fixtures/gpt2-tiny', { dtype: 'q8' });
    const prompt = [1, 5, 9, 2, 7];
    const options = { maxNewTokens: 12, temperature: 0, stopTokenIds: [] };
    const before = [model.backend, (await model.generate(prompt, options)).tokenIds.length];
    await lose('lose for good');
    const running = await model
      .generate(prompt, options)
      .then(String, (error: { code: string; message: string }) => `${error.code}: ${error.message}`);
    const after = [model.backend, (await model.generate(prompt, options)).tokenIds.length];
    const wasm = await load('/fixtures/gpt2-tiny', { backend: 'wasm', dtype: 'q8' });
    const same =
      (await model.generate(prompt, options)).tokenIds.join() ===
      (await wasm.generate(prompt, options)).tokenIds.join();
    return { before, running, after, same };
  });
  expect(found.before).toEqual(['webgpu', 12]);
  expect(found.running).toMatch(/^DEVICE_LOST: .*backend 'wasm'/);
  expect(found.after).toEqual(['wasm', 12]);
  expect(found.same).toBe(true);
});

test('a model that was to be on WebGPU stays there: without a device its calls fail until there is one', async ({
  page,
}) => {
  await prepare(page);
  const found = await page.evaluate(async () => {
    const { load, lose } = window as unknown as GpuPage;
    const model = await load('/fixtures/gpt2-tiny', { backend: 'webgpu', dtype: 'q8' });
    await lose('lose for good');
    const call = () =>
      model
        .generate([1, 2, 3], { maxNewTokens: 2 })
        .then(String, (error: { code: string; message: string }) => `${error.code}: ${error.message}`);
    return [await call(), await call(), model.backend];
  });
  for (const failure of found.slice(0, 2)) expect(failure).toMatch(/^DEVICE_LOST: .*no adapter/);
  expect(found[2]).toBe('webgpu');
});

test('a GPU process that crashes takes no token with it', async ({ page, browser }) => {
  await prepare(page);
  const wanted = await page.evaluate(async () => {
    const { load } = window as unknown as GpuPage;
    const model = await load('/fixtures/gpt2-tiny', { backend: 'webgpu', dtype: 'f32' });
    const call = async () =>
      (await model.generate([1, 5, 9, 2, 7], { maxNewTokens: 40, temperature: 0, stopTokenIds: [] })).tokenIds;
    const tokens = await call();
    Object.assign(window, { call });
    return tokens;
  });
  await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
  const found = await page.evaluate(async () => {
    const { call, lose } = window as unknown as GpuPage & { call(): Promise<number[]> };
    return [await call(), await lose('count')];
  });
  expect(found).toEqual([wanted, '2 devices']);
});

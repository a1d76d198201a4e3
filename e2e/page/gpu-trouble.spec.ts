// What can go wrong around a GPU that is not lost: a kernel that does not compile, a page that is frozen, a second tab.
import { expect, test } from '../serving.ts';
import { asRealGpu, type GpuPage, prepare } from './gpu-worker.ts';

const brokenKernel = `
  const create = GPUDevice.prototype.createShaderModule;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    const code = descriptor.label?.startsWith('embed') ? descriptor.code + ' what is this' : descriptor.code;
    return create.call(this, { ...descriptor, code });
  };
`;

for (const remembered of [true, false]) {
  test(`a kernel that does not compile ${remembered ? 'while loading' : 'while measuring'}: an auto model runs on WASM, the console names it`, async ({
    page,
  }) => {
    const warnings: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await prepare(page, asRealGpu + brokenKernel);
    const found = await page.evaluate(async (remembered) => {
      const { load, rememberWebGpu } = window as unknown as GpuPage;
      if (remembered) await rememberWebGpu();
      const model = await load('/fixtures/gpt2-tiny', { dtype: 'q8' });
      return [model.backend, (await model.generate([1, 2], { maxNewTokens: 3, stopTokenIds: [] })).tokenIds.length];
    }, remembered);
    expect(found).toEqual(['wasm', 3]);
    // A worker's warning is not waited for by the load that it is about.
    await expect.poll(() => warnings.filter((text) => /webgpu.*kernel embed.*line \d+/s.test(text)).length).toBe(1);
  });
}

test('a page that is frozen in the middle goes on where it was', async ({ page, context }) => {
  await prepare(page);
  const start = await page.evaluate(async () => {
    const { load } = window as unknown as GpuPage;
    const model = await load('/fixtures/gpt2-tiny', { backend: 'webgpu', dtype: 'f32' });
    const options = { maxNewTokens: 100, temperature: 0, stopTokenIds: [] };
    const wanted = (await model.generate([1, 5, 9], options)).tokenIds;
    await model.generate([8, 8], { maxNewTokens: 1 });
    const running = model.generate([1, 5, 9], options);
    Object.assign(window, { running: Promise.resolve(running) });
    return wanted;
  });
  const session = await context.newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  const tokens = await page.evaluate(
    async () => (await (window as unknown as { running: Promise<{ tokenIds: number[] }> }).running).tokenIds,
  );
  expect(tokens).toEqual(start);
});

test('two tabs at once, one of them behind the other, generate what each does alone @every', async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  const tabs = [page, other];
  const results: number[][][] = [];
  for (const tab of tabs) {
    await prepare(tab);
    results.push([
      await tab.evaluate(async () => {
        const model = await (window as unknown as GpuPage).load('/fixtures/gpt2-tiny', {
          backend: 'webgpu',
          dtype: 'f32',
        });
        const run = async () =>
          (await model.generate([1, 5, 9], { maxNewTokens: 24, topK: 20, seed: 4, stopTokenIds: [] })).tokenIds;
        const alone = await run();
        await model.generate([8, 8], { maxNewTokens: 1 });
        Object.assign(window, { run });
        return alone;
      }),
    ]);
  }
  const together = await Promise.all(
    tabs.map((tab) => tab.evaluate(() => (window as unknown as { run(): Promise<number[]> }).run())),
  );
  expect(results[0][0]).toHaveLength(24);
  expect(together).toEqual([results[0][0], results[0][0]]);
  expect(results[1][0]).toEqual(results[0][0]);
});

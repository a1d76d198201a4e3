import { expect, test } from '../shared-page.ts';
import { disposeAmidCalls, disposedAmidCalls } from './dispose-amid-calls.ts';

// A fixture has no tokenizer.
test.use({ expectedErrors: /status of 404/ });

for (const { backend, worker } of [
  { backend: 'wasm', worker: true },
  { backend: 'wasm', worker: false },
  { backend: 'wasm', worker: 'shared' },
  { backend: 'webgpu', worker: true },
  { backend: 'webgpu', worker: 'shared' },
] as const) {
  const where = { true: 'in a worker of its own', false: 'in the page', shared: 'in a worker that it shares' }[
    `${worker}`
  ];
  test(`a model on ${backend} ${where} that is disposed of amid calls ends its own, each in its way, and no other's`, async ({
    page,
  }) => {
    await page.goto('/e2e/page/blank.html');
    // A second time tells whether the first one left something; on a software adapter both take long.
    for (let time = 0; time < (backend === 'webgpu' ? 1 : 2); time++)
      expect(await page.evaluate(disposeAmidCalls, { backend, worker })).toEqual(disposedAmidCalls);
    await expect.poll(() => page.workers().length).toBe(0);
  });
}

test('a generation that was begun by nobody when its model is disposed of says so; one that is aborted first does not', async ({
  page,
}) => {
  await page.goto('/e2e/page/blank.html');
  const found = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const model = await loadModel('/fixtures/gpt2-tiny/', { backend: 'wasm' });
    const abort = new AbortController();
    const lazy = model.generate([1, 2, 3]);
    const running = model.generate([1, 2, 3], { maxNewTokens: 250, stopTokenIds: [], signal: abort.signal });
    await running[Symbol.asyncIterator]().next();
    abort.abort();
    await model.dispose();
    return [
      (await running).finishReason,
      await lazy.then(String, ({ code }: { code: string }) => code),
      await model.embed('x').then(String, ({ code }: { code: string }) => code),
      // What does not ask the worker is still there.
      model.tokenizer.decode(model.tokenizer.encode('still')),
      model.config.vocabSize,
    ];
  });
  expect(found).toEqual(['aborted', 'DISPOSED', 'DISPOSED', 'still', 260]);
});

test('an aborted stream has what the result has, held-back text too, across the worker boundary', async ({ page }) => {
  await page.goto('/e2e/page/blank.html');
  for (const worker of [true, false]) {
    const found = await page.evaluate(async (worker) => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(undefined, { backend: 'wasm', worker });
      const options = { maxNewTokens: 250, stopTokenIds: [], temperature: 0 };
      const { text } = await model.generate('Once upon a time', options);
      const abort = new AbortController();
      // All but the first letter is held back.
      const stop = [`${text.slice(2)} never`];
      const run = model.generate('Once upon a time', { ...options, stop, signal: abort.signal });
      let streamed = '';
      const tokenIds: number[] = [];
      for await (const part of run) {
        streamed += part.text;
        tokenIds.push(...part.tokenIds);
        setTimeout(() => abort.abort(), 20);
      }
      const result = await run;
      await model.dispose();
      return { streamed, tokenIds, result, whole: text.startsWith(result.text) };
    }, worker);
    expect(found.result.finishReason).toBe('aborted');
    expect(found.result.text.length).toBeGreaterThan(2);
    expect(found).toMatchObject({ streamed: found.result.text, tokenIds: found.result.tokenIds, whole: true });
  }
});

// A built worker holds no error texts; what its errors say must be what the same code says in the page's own thread.
import { expect, test } from '../shared-page.ts';

test.use({ expectedErrors: /404/ });

test('errors of a worker read like those of the page’s own thread, causes included', async ({ page }) => {
  await page.goto('/e2e/page/blank.html');
  const { inWorker, inPage } = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const config = await (await fetch('/fixtures/gpt2-tiny/config.json')).json();
    const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
    const errorsOf = async (worker: boolean) => {
      const load = (source: unknown) => loadModel(source, { backend: 'wasm', dtype: 'f32', cache: false, worker });
      const model = await load('/fixtures/gpt2-tiny');
      const generate = (options: object, prompt: unknown = [1, 2]) => model.generate(prompt, options);
      const calls: (() => PromiseLike<unknown>)[] = [
        () => load('/no/such/folder'),
        () => load(null),
        () => load(42),
        () => load({ 'config.json': '{}' }),
        () => load({ 'config.json': json({ ...config, n_head: 5 }) }),
        () => load({ 'config.json': json({ ...config, model_type: 'bert' }) }),
        () => load({ 'config.json': json(config), 'model.safetensors': new Uint8Array(5) }),
        () => load({ 'config.json': new TextEncoder().encode('{') }),
        () => load({ 'config.json': json(config), 'tokenizer.json': new TextEncoder().encode('[') }),
        () => generate({ temperature: -1 }),
        () => generate({ topK: 1.5 }),
        () => generate({ stop: [''] }),
        () => generate({ numBeams: 2, numSequences: 3 }),
        () => generate({ tmeperature: 1 }),
        () => generate({ logitBias: { 3: Number.NaN } }),
        () => generate({}, [1e6]),
        () => generate({}, new Array(config.n_ctx + 1).fill(1)),
        () => generate({}, null),
        () => generate({ stopTokenIds: 5 }),
        () => model.forward([]),
        () => model.forward([1], { signal: new AbortController() }),
        () => model.forward([1], { signal: AbortSignal.abort(new RangeError('enough')) }),
        () => model.score(undefined),
        () => model.score('x', null),
        () => model.scoreBatch(['x'], 3),
        () => model.scoreBatch('x'),
        () => model.embed('x', { normalise: true }),
        () => model.embed('x', { pooling: 'max' }),
        () => model.inspect('x', { attention: 'no' }),
        () => model.forward([1], { logits: 'all' }),
        () => model.generate([1], null),
        () => model.classifyIdsBatch([[1]], null),
        () => model.classifyIds([1]),
      ];
      const errors: string[] = [];
      for (const call of calls) {
        try {
          await call();
          errors.push('no error');
        } catch (thrown) {
          const { name, code, message, cause } = thrown as Error & { code: string };
          errors.push(`${name} ${code}: ${message}${cause instanceof Error ? ` <- ${cause.message}` : ''}`);
        }
      }
      await model.dispose();
      return errors;
    };
    return { inWorker: await errorsOf(true), inPage: await errorsOf(false) };
  });
  expect(inPage.filter((error) => error === 'no error')).toEqual([]);
  expect(inWorker).toEqual(inPage);
});

test('an error that comes when the network is gone has its text', async ({ page, context }) => {
  await page.goto('/e2e/page/blank.html');
  await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    Object.assign(globalThis, { model: await loadModel('/fixtures/gpt2-tiny', { backend: 'wasm', cache: false }) });
  });
  await context.setOffline(true);
  const message = await page.evaluate(async () => {
    const { model } = globalThis as unknown as { model: { forward(ids: number[]): Promise<unknown> } };
    return model.forward([123_456_789]).then(String, (error) => error.message as string);
  });
  expect(message).toContain('123456789');
});

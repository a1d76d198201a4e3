// A page by plain http from an address that is not this machine's: no secure context, so no SubtleCrypto, no storage, no locks, no GPU.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

test.use({ expectedErrors: /status of 404|Cross-Origin-Opener-Policy header has been ignored/ });

const host = 'http://gptlet.test';

/** Serves the repository at {@link host}, which is nobody's. */
async function openPlain(page: Page, context: BrowserContext, url: string): Promise<void> {
  await context.route(`${host}/**`, async (route) => {
    const response = await route.fetch({ url: route.request().url().replace(host, url) });
    await route.fulfill({ response });
  });
  await page.goto(`${host}/e2e/page/blank.html`);
}

test('generate() and loadModel() work, for files and addresses; nothing is kept, and probe() says what there is', async ({
  page,
  context,
  site,
}) => {
  await openPlain(page, context, site.url);
  const found = await page.evaluate(async () => {
    const { generate, listCached, loadModel, openWeightCache, probe } = await import('/dist/index.js' as string);
    const missing = [isSecureContext, crypto.subtle, navigator.locks, navigator.storage, globalThis.caches];
    const greedy = { maxNewTokens: 8, temperature: 0 };
    const embedded = await generate('Once upon a time', greedy);
    const own = await loadModel();
    const same = (await own.generate('Once upon a time', greedy)).text === embedded.text;
    const backend = own.backend;
    await own.dispose();
    const tokens: number[] = [];
    for (const worker of [true, false]) {
      const model = await loadModel('/fixtures/gpt2-tiny/', { worker, threads: 2, dtype: 'f32' });
      tokens.push((await model.generate([1, 2, 3], { ...greedy, stopTokenIds: [] })).tokenIds.length);
      tokens.push((await model.generate([1, 2, 3], { constraint: { choices: ['a'] } })).tokenIds.length);
      await model.dispose();
    }
    const gpu = await loadModel(undefined, { backend: 'webgpu' }).catch(
      ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
    );
    const { webgpu, storage, threads } = await probe();
    return {
      missing: missing.map(Boolean),
      text: embedded.text,
      same,
      backend,
      tokens,
      gpu,
      kept: [await openWeightCache(), await listCached()],
      probed: [webgpu ?? null, storage ?? null, threads],
    };
  });
  expect(found.missing).toEqual([false, false, false, false, false]);
  expect(found.text).toMatch(/\w/);
  expect(found).toMatchObject({ same: true, backend: 'wasm', tokens: [8, 1, 8, 1], kept: [undefined, []] });
  expect(found.probed).toEqual([null, null, 1]);
  expect(found.gpu).toMatch(/^UNSUPPORTED_PLATFORM: .*https/);
});

test('a cache of the caller’s own keeps weights there too', async ({ page, context, site }) => {
  let weights = 0;
  await openPlain(page, context, site.url);
  page.on('request', (request) => request.url().endsWith('.safetensors') && weights++);
  const load = () =>
    page.evaluate(async () => {
      const shared = window as unknown as { pieces?: Map<string, Uint8Array> };
      shared.pieces ??= new Map();
      const { pieces } = shared;
      const { listCached, loadModel } = await import('/dist/index.js' as string);
      const cache = {
        read: async (name: string) => pieces.get(name),
        write: async (name: string, bytes: Uint8Array) => void pieces.set(name, bytes.slice()),
        remove: async (name: string) => void pieces.delete(name),
        names: async () => [...pieces.keys()],
      };
      const model = await loadModel('/fixtures/gpt2-tiny/', { cache });
      const { tokenIds } = await model.generate([1, 2, 3], { maxNewTokens: 8, temperature: 0, stopTokenIds: [] });
      await model.dispose();
      return { tokenIds, kept: await listCached(cache) };
    });
  const first = await load();
  const downloads = weights;
  expect(downloads).toBeGreaterThan(0);
  expect(first.kept).toMatchObject([{ complete: true }]);
  expect((await load()).tokenIds).toEqual(first.tokenIds);
  // Asking whether it is still the same reads none of it.
  expect(weights - downloads).toBeLessThanOrEqual(1);
});

// Weights that were downloaded once are kept in origin-private storage: a reload, another tab and no network at all.
import type { Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

test.use({ expectedErrors: /ERR_FAILED|Failed to load resource/ });

const folder = '/fixtures/gpt2-tiny/';

/** Loads the model by its address and gives ten greedy tokens. */
const load = (page: Page, cache: boolean): Promise<number[]> =>
  page.evaluate(
    async ({ folder, cache }) => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(folder, { backend: 'wasm', dtype: 'f32', cache });
      const { tokenIds } = await model.generate([1, 2, 3], { temperature: 0, maxNewTokens: 10 });
      await model.dispose();
      return tokenIds;
    },
    { folder, cache },
  );

test('a second load asks for no weights, also after a reload and without a network', async ({ page, context }) => {
  let weights = 0;
  await context.route('**/model.safetensors', (route) => {
    weights++;
    return route.continue();
  });
  await page.goto('/e2e/page/blank.html');
  const first = await load(page, true);
  expect(weights).toBeGreaterThan(0);
  expect(first).toHaveLength(10);

  await page.reload();
  weights = 0;
  expect(await load(page, true)).toEqual(first);
  // Asking whether the file is still the same one reads none of it.
  expect(weights).toBeLessThanOrEqual(1);

  await context.route(`**${folder}**`, (route) => route.abort());
  expect(await load(page, true)).toEqual(first);
});

test('what is kept can be listed and removed', async ({ page }) => {
  await page.goto('/e2e/page/blank.html');
  await load(page, true);
  const { listed, after } = await page.evaluate(async () => {
    const { listCached, removeCached } = await import('/dist/index.js' as string);
    const listed = await listCached();
    await removeCached(listed[0].model);
    return { listed, after: await listCached() };
  });
  expect(listed).toHaveLength(1);
  expect(listed[0].model).toContain(folder);
  expect(after).toEqual([]);
});

test('with cache false nothing is kept', async ({ page }) => {
  await page.goto('/e2e/page/blank.html');
  await load(page, false);
  const listed = await page.evaluate(async () => (await import('/dist/index.js' as string)).listCached());
  expect(listed).toEqual([]);
});

test("a cache of the caller's own is used across the worker boundary", async ({ page }) => {
  await page.goto('/e2e/page/blank.html');
  const names = await page.evaluate(async (folder) => {
    const { loadModel } = await import('/dist/index.js' as string);
    const pieces = new Map<string, Uint8Array>();
    const cache = {
      read: async (name: string) => pieces.get(name),
      write: async (name: string, bytes: Uint8Array) => void pieces.set(name, bytes.slice()),
      remove: async (name: string) => void pieces.delete(name),
      names: async () => [...pieces.keys()],
    };
    const model = await loadModel(folder, { backend: 'wasm', cache });
    await model.dispose();
    return [...pieces.keys()];
  }, folder);
  expect(names.length).toBeGreaterThan(0);
});

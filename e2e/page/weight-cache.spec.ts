// Weights that were downloaded once are kept in origin-private storage: a reload, another tab and no network at all.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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

test('two tabs that load the same model at once share one download', async ({ page, context }) => {
  const ranges: string[] = [];
  await context.route('**/models/default/model.safetensors', (route) => {
    ranges.push(route.request().headers()['range'] ?? '');
    return route.continue();
  });
  const other = await context.newPage();
  const loadDefault = (tab: Page): Promise<string> =>
    tab.evaluate(async () => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel('/models/default/', { backend: 'wasm', cache: true });
      const { text } = await model.generate('Once', { temperature: 0, maxNewTokens: 5 });
      await model.dispose();
      return text;
    });
  for (const tab of [page, other]) await tab.goto('/e2e/page/blank.html');
  const [first, second] = await Promise.all([loadDefault(page), loadDefault(other)]);
  expect(second).toBe(first);
  // Both open the file and read its header; only one goes on behind the first chunk.
  const chunk = 4 << 20;
  expect(ranges.filter((range) => Number(/^bytes=(\d+)-/.exec(range)?.[1]) === chunk)).toHaveLength(1);
  expect(ranges.length).toBeGreaterThan(2);
});

test('a full disk costs the cache, not the load, and the page is told', async ({ page, context, site }) => {
  const warnings: string[] = [];
  await page.goto('/e2e/page/blank.html');
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.url, quotaSize: 20_000 });
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  expect(await load(page, true)).toHaveLength(10);
  // A worker's warning is not waited for by the load that it is about.
  await expect.poll(() => warnings.length).toBe(1);
  expect(warnings).toEqual([
    expect.stringMatching(/is not kept for the next load: .* full\. It is loaded all the same/),
  ]);
});

test('the token of a gated model stays at the hub, also where the hub sends to another origin', async ({ page }) => {
  const seen: Record<'hub' | 'elsewhere', (string | undefined)[]> = { hub: [], elsewhere: [] };
  const listen = async (place: keyof typeof seen, answer: (name: string, response: ServerResponse) => void) => {
    const server = createServer((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', 'authorization, range');
      if (request.method === 'OPTIONS') return void response.writeHead(204).end();
      seen[place].push(request.headers.authorization);
      answer(request.url?.split('/').at(-1) as string, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  };
  const elsewhere = await listen('elsewhere', (name, response) => {
    const path = `.${folder}${name}`;
    if (existsSync(path)) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  const hub = await listen('hub', (name, response) => {
    response.writeHead(302, { Location: `${elsewhere.url}/${name}` }).end();
  });
  try {
    await page.goto('/e2e/page/blank.html');
    const tokens = await page.evaluate(async (endpoint) => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel('owner/name', { backend: 'wasm', hub: { endpoint, token: 'hf_secret' } });
      return (await model.generate([1, 2, 3], { temperature: 0, maxNewTokens: 3 })).tokenIds;
    }, hub.url);
    expect(tokens).toHaveLength(3);
    expect(seen.hub.length).toBeGreaterThan(2);
    expect(new Set(seen.hub)).toEqual(new Set(['Bearer hf_secret']));
    expect(seen.elsewhere.length).toBeGreaterThan(2);
    expect(new Set(seen.elsewhere)).toEqual(new Set([undefined]));
  } finally {
    hub.close();
    elsewhere.close();
  }
});

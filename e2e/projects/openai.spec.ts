// The files of docs/recipes/openai.md with the packed package: the official client in a page, and a service worker for a page that
// knows nothing.
import { readFileSync } from 'node:fs';
import type { BrowserContext } from '@playwright/test';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import { expect, test } from '../serving.ts';
import { packedPages } from './packed-pages.ts';

const recipes = Object.fromEntries(
  [...readFileSync('docs/recipes/openai.md', 'utf8').matchAll(/```js\n\/\/ (\S+)\n([\s\S]+?)```/g)].map(
    ([, name, code]) => [name, code],
  ),
);

let pages: Awaited<ReturnType<typeof packedPages>>;

test.describe.configure({ mode: 'serial' });
// esbuild copies no worker: its address is asked for in vain, then the package's own copy runs.
test.use({ expectedErrors: /404|worker/i });

test.beforeAll(async () => {
  pages = await packedPages(recipes, Object.keys(recipes));
});
test.afterAll(() => pages?.close());

/** Has the hub give the files of a tiny model that says anything. Returns what is asked elsewhere. */
async function serveHub(context: BrowserContext): Promise<string[]> {
  const model = chatModelFiles();
  const strange: string[] = [];
  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.origin === pages.url || url.protocol === 'blob:') return route.continue();
    if (url.hostname !== 'huggingface.co') strange.push(url.href);
    const file = model[url.pathname.split('/').at(-1) as string];
    const headers = { 'access-control-allow-origin': '*' };
    return file ? route.fulfill({ body: Buffer.from(file), headers }) : route.fulfill({ status: 404, headers });
  });
  return strange;
}

test('each recipe has at most 20 lines', () => {
  expect(Object.keys(recipes)).toEqual(['main.js', 'sw.js', 'page.js']);
  for (const [name, code] of Object.entries(recipes))
    expect(code.trim().split('\n').length, name).toBeLessThanOrEqual(20);
});

test("OpenAI's client in the page is answered by the page", async ({ page, context }) => {
  const strange = await serveHub(context);
  await page.goto(`${pages.url}/main.html`);
  await expect(page.locator('#answer')).toHaveText(/\S/);
  expect(strange).toEqual([]);
});

test('a service worker answers a page that knows nothing', async ({ page, context }) => {
  const strange = await serveHub(context);
  await page.goto(`${pages.url}/page.html`);
  await expect(page.locator('#answer')).toHaveText(/\S/);
  expect(strange).toEqual([]);
  expect(page.workers()).toEqual([]);
  expect(context.serviceWorkers().map((worker) => new URL(worker.url()).pathname)).toEqual(['/sw.js']);
});

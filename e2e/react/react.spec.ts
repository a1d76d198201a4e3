// gptlet/react in a page, under StrictMode, with React's development build, whose warnings fail a test.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { test as base, expect } from '../shared-page.ts';

type App = typeof import('./page.ts');

const test = base.extend<object, { script: string }>({
  script: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
    async ({}, use) => {
      const { outputFiles } = await build({
        entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
        bundle: true,
        write: false,
        format: 'esm',
        target: 'es2022',
        define: { 'process.env.NODE_ENV': '"development"' },
        external: ['node:*'],
        tsconfigRaw: {}, // ours has the package's types in its place
        logLevel: 'error',
      });
      await use(outputFiles[0].text);
    },
    { scope: 'worker' },
  ],
  page: async ({ page, script }, use) => {
    // Beside the workers and the models, as the addresses in the code have it.
    await page.route('**/dist/react-page.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    );
    await page.goto('/e2e/page/blank.html');
    await page.evaluate(async () => Object.assign(window, { app: await import('/dist/react-page.js' as string) }));
    await use(page);
  },
});

declare global {
  // The page's global.
  var app: App;
}

const words = /\w+ \w+ \w+/;

test('one model for two components; text streams, a frame at a time; it stops; the last unmount ends the worker', async ({
  page,
}) => {
  let workers = 0;
  page.on('worker', () => workers++);
  await page.evaluate(() => window.app.show('Story', 'Facts'));
  await expect(page.locator('#model')).toHaveText('ready');
  await expect(page.locator('#facts')).toHaveText(/^\d+$/);
  expect(workers, 'StrictMode mounts twice').toBe(1);

  await page.evaluate(() => Object.assign(window, { counted: window.app.count() }));
  await page.getByText('Write').click();
  await expect(page.locator('#run')).toHaveText('streaming');
  await expect(page.locator('#run')).toHaveText('ready');
  const { frames, commits } = await page.evaluate(() =>
    (window as unknown as { counted: ReturnType<App['count']> }).counted(),
  );
  const whole = await page.locator('#story').textContent();
  expect(whole).toMatch(words);
  expect(commits, 'it streamed').toBeGreaterThan(3);
  expect(commits, 'beside the beginning and the end').toBeLessThanOrEqual(frames + 2);

  // In the page: its worker is quicker than the test's way there.
  const stopped = await page.evaluate(() => window.app.stopAfterWords());
  await expect(page.locator('#run')).toHaveText('ready');
  expect(String(whole).startsWith(stopped) && stopped !== whole).toBe(true);
  await page.waitForTimeout(200);
  await expect(page.locator('#story')).toHaveText(stopped);

  await page.evaluate(() => window.app.leaveAfterWords());
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a conversation is answered, answered again, edited and cleared; a classifier loads with its first text', async ({
  page,
}) => {
  await page.evaluate(() => window.app.show('Conversation', 'Sentiment'));
  const lines = page.getByRole('listitem');
  // Before the model is there: the question waits for it.
  await page.getByText('Ask').click();
  await expect(lines.nth(0)).toHaveText('user: Who are you?');
  await expect(lines.nth(1)).toHaveText(/^assistant:\s+\S/);
  await expect(page.locator('#run')).toHaveText('ready');
  const first = String(await lines.nth(1).textContent());
  await page.getByText('Again').click();
  await expect(lines.nth(1)).not.toHaveText(first);
  await expect(page.locator('#run')).toHaveText('ready');
  await page.getByText('Ask').click();
  await expect(lines.nth(3)).toHaveText(/^assistant:\s+\S/);
  await page.getByText('Edit').click();
  await expect(lines.nth(0)).toHaveText('user: Can you fly?');
  await expect(page.locator('#run')).toHaveText('ready');
  await expect(lines).toHaveCount(2);
  await expect(page.locator('#error')).toHaveText('');
  await page.getByText('Clear').click();
  await expect(lines).toHaveCount(0);

  await expect(page.locator('#model')).toHaveText('idle');
  await page.getByText('Good').click();
  await expect(page.locator('#label')).toHaveText('positive');
  await page.getByText('Bad').click();
  await expect(page.locator('#label')).toHaveText('negative');
  await page.evaluate(() => window.app.leave());
  await expect.poll(() => page.workers().length).toBe(0);
});

test('Suspense shows how far the load is, then the model', async ({ page }) => {
  await page.evaluate(() => window.app.show('Waiting'));
  await expect(page.locator('#fallback')).toHaveText(/loading (config|download|prepare|compile)?/);
  await expect(page.locator('#facts')).toHaveText(/^\d+$/);
  await expect(page.locator('#fallback')).toHaveCount(0);
});

test('what a server rendered is taken over without a warning', async ({ page }) => {
  const taken = await page.evaluateHandle(() => window.app.hydrate('Story'));
  expect(await taken.evaluate(({ html }) => html)).toContain('<p id="model">loading</p>');
  await expect(page.locator('#model')).toHaveText('ready');
  expect(await taken.evaluate(({ problems }) => problems)).toEqual([]);
  await expect(page.locator('main')).toHaveCount(1);
});

test.describe('a model that is not there', () => {
  test.use({ expectedErrors: /404/ });

  test('is an error, until it is there', async ({ page }) => {
    await page.route('**/models/default/config.json', (route) => route.fulfill({ status: 404 }));
    await page.evaluate(() => window.app.show('Elsewhere'));
    await expect(page.locator('#model')).toHaveText('error');
    await expect(page.locator('#error')).toHaveText('MODEL_NOT_FOUND');
    await page.unroute('**/models/default/config.json');
    await page.getByText('Load').click();
    await expect(page.locator('#model')).toHaveText('ready');
    await expect(page.locator('#error')).toHaveText('');
    await expect(page.locator('#facts')).toHaveText(/^\d+$/);
  });
});

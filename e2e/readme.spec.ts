import { readFileSync } from 'node:fs';
import { expect, test } from './serving.ts';

const [, snippet] = /```html\n([\s\S]+?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];

test.use({ expectedErrors: /Worker/ });

test('the HTML snippet of the README streams text', async ({ page, context, site }) => {
  // What the CDN would serve, from here.
  await context.route('https://cdn.jsdelivr.net/npm/gptlet/**', async (route) => {
    const path = new URL(route.request().url()).pathname.replace('/npm/gptlet', '');
    const response = await context.request.get(site.url + path);
    await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
  });
  await context.route('**/snippet.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><link rel="icon" href="data:,">${snippet}</html>`,
    }),
  );
  await page.goto('/snippet.html');
  await expect(page.locator('#story')).toHaveText(/\w+ \w+ \w+/, { timeout: 60_000 });
});

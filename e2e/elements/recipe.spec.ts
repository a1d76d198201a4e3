// The page of docs/recipes/elements.md, with dist/ for the package and a tiny model for the one that it names.
import { readFileSync } from 'node:fs';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import { expect, test } from '../serving.ts';

const [, recipe] = /```html\n([\s\S]+?)```/.exec(readFileSync('docs/recipes/elements.md', 'utf8')) ?? [];
const importMap = '<script type="importmap">{ "imports": { "gptlet/elements": "/dist/elements.js" } }</script>';

test.use({ expectedErrors: /status of 404/ });

test('the recipe is short, and its page chats, completes and classifies', async ({ page }) => {
  expect(recipe.trim().split('\n').length).toBeLessThanOrEqual(20);
  const files = chatModelFiles();
  await page.route('https://huggingface.co/**', (route) => {
    const file = files[new URL(route.request().url()).pathname.split('/').at(-1) ?? ''];
    const headers = { 'access-control-allow-origin': '*' };
    return route.fulfill({ status: file ? 200 : 404, headers, body: file ? Buffer.from(file) : '' });
  });
  await page.route('**/recipe.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: recipe.replace('<title>', `<link rel="icon" href="data:,">${importMap}<title>`),
    }),
  );
  const logged: string[] = [];
  page.on('console', (message) => logged.push(message.text()));
  await page.goto('/recipe.html');
  await page.getByRole('textbox', { name: 'Your message' }).fill('Who was Ada Lovelace?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(page.getByRole('listitem').nth(1)).not.toHaveText('Answer:', { timeout: 30_000 });
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'How was it?' }).fill('A warm, funny film.');
  await expect(page.getByRole('meter', { name: 'positive' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('textbox', { name: 'Your story' }).pressSequentially('Once upon a time there was a');
  await expect(page.locator('[part=ghost]')).toHaveText(/[a-z]/, { timeout: 30_000 });
  expect(logged.length).toBeGreaterThan(0);
  const data = await page
    .locator('#review')
    .evaluate((form: HTMLFormElement) => Object.fromEntries(new FormData(form)));
  expect(data).toEqual({ story: 'Once upon a time there was a', mood: 'positive' });
});

// The file of docs/recipes/connect.md, as it stands, on the packed package without a bundler.
import { existsSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from '../serving.ts';
import { type FreshProject, freshProject } from './fresh-project.ts';

const [, recipe] = /```html\n([\s\S]+?)```/.exec(readFileSync('docs/recipes/connect.md', 'utf8')) ?? [];
const imports = '<script type="importmap">{"imports":{"gptlet":"/node_modules/gptlet/dist/index.js"}}</script>';

// Optional files of a model that it does not have.
test.use({ expectedErrors: /404/ });
test.describe.configure({ mode: 'serial', timeout: 180_000 });

let project: FreshProject;
let site: Awaited<ReturnType<typeof serve>>;

test.beforeAll(async () => {
  test.setTimeout(180_000); // a hook has a limit of its own
  project = await freshProject({ 'index.html': recipe.replace('<script', `${imports}\n<script`) }, {});
  site = await serve(project.folder);
});

test.afterAll(async () => {
  await site?.close();
  await project?.remove();
});

/** Opens the recipe; gives what it sent to its server. */
async function open(page: Page): Promise<string[]> {
  const sent: string[] = [];
  await page.route('**/models/stories/*', (route) => {
    const path = `models/default/${new URL(route.request().url()).pathname.split('/').at(-1)}`;
    return route.fulfill(existsSync(path) ? { path } : { status: 404 });
  });
  await page.route('**/v1/**', (route) => {
    sent.push(new URL(route.request().url()).pathname);
    const chunk = { choices: [{ index: 0, text: ', far away.', finish_reason: 'stop' }] };
    const body = `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
    return route.fulfill({ contentType: 'text/event-stream', body });
  });
  await page.goto(site.url);
  return sent;
}

test('the recipe is short', () => {
  expect(recipe.trim().split('\n').length).toBeLessThanOrEqual(20);
});

test('its story is written here where that goes', async ({ page }) => {
  const sent = await open(page);
  await expect(page.locator('#place')).toHaveText('Written on this machine.', { timeout: 60_000 });
  await expect(page.locator('#story')).toHaveText(/\w+ \w+ \w+/, { timeout: 60_000 });
  expect(sent).toEqual([]);
});

test('its story is written by the server where the machine is too small', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'deviceMemory', { value: 2 ** -10 }));
  const sent = await open(page);
  await expect(page.locator('#place')).toHaveText('Written by our server.');
  await expect(page.locator('#story')).toHaveText(', far away.');
  expect(sent).toEqual(['/v1/completions']);
});

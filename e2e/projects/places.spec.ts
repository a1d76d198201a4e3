// The built package in places that change how a page loads: a service worker, a browser extension, another site's frame.
import { createHash } from 'node:crypto';
import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type TestInfo } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from '../serving.ts';
import { page as app, expectStream } from './expected-tokens.ts';

const script = app.script.replace("'gptlet'", "'/dist/index.js'");

/** A folder with the built package, the embedded model and these files. */
async function folderWith(info: TestInfo, files: Record<string, string>): Promise<string> {
  const folder = info.outputPath('site');
  await mkdir(folder, { recursive: true });
  await cp('dist', join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') });
  await cp('models/default', join(folder, 'models/default'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return realpath(folder);
}

test('a page under a service worker streams, and once more without a network', async ({ page, context }, info) => {
  const folder = await folderWith(info, {
    'index.html': app.html(`<script type="module" src="main.js"></script>`),
    'main.js': `await navigator.serviceWorker.register('/sw.js');\nawait navigator.serviceWorker.ready;\n${script}`,
    // The cache-first worker that progressive web apps have. It fetches files whole: a cache keeps no parts of files (206).
    'sw.js': `addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => event.respondWith((async () => {
  const cache = await caches.open('app');
  const kept = await cache.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request.url);
  if (response.status === 200) await cache.put(event.request, response.clone());
  return response;
})()));`,
  });
  const site = await serve(folder, { isolated: false });
  await expectStream(page, site.url);
  await expectStream(page, site.url);
  expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await context.setOffline(true);
  await site.close();
  await expectStream(page, site.url);
});

test('a page of a browser extension, Manifest V3, streams', async ({ site }, info) => {
  expect(site.url).toMatch(/^http/);
  const manifest = {
    manifest_version: 3,
    name: 'gptlet test',
    version: '1.0',
    content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
  };
  const folder = await folderWith(info, {
    'manifest.json': JSON.stringify(manifest),
    'index.html': app.html('<script type="module" src="main.js"></script>'),
    'main.js': script,
  });
  const { args = [], ...launch } = info.project.use.launchOptions ?? {};
  const context = await chromium.launchPersistentContext(info.outputPath('profile'), {
    ...launch,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [...args, `--disable-extensions-except=${folder}`, `--load-extension=${folder}`],
  });
  try {
    // Chromium names an unpacked extension by its path: the first 16 bytes of SHA-256, in letters a to p.
    const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
    const id = [...hash].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
    await expectStream(await context.newPage(), `chrome-extension://${id}/index.html`);
  } finally {
    await context.close();
  }
});

test("a frame of another site's page, not isolated, streams", async ({ page }, info) => {
  const folder = await folderWith(info, {
    'index.html': app.html('<script type="module" src="main.js"></script>'),
    'main.js': script,
  });
  const inner = await serve(folder, { isolated: false });
  await writeFile(
    join(folder, 'outer.html'),
    `<!doctype html><link rel="icon" href="data:,"><iframe src="${inner.url}">`,
  );
  // Another host, hence another site.
  await page.goto(`${inner.url.replace('localhost', 'outer.localhost')}/outer.html`);
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('#ids')).toHaveText(/^\{/, { timeout: 60_000 });
  const outcome = JSON.parse(String(await frame.locator('#ids').textContent()));
  expect(outcome.ids).toHaveLength(32);
  await inner.close();
});

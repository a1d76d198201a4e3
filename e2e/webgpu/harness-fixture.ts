import type { Page } from '@playwright/test';
import { test as base } from '../shared-page.ts';
import { harnessSource } from './harness-source.ts';

/** What {@link harness.ts} exports, as the page sees it. */
export type Harness = typeof import('./harness.ts');

/** Playwright's test on a blank page that has the harness at `window.harness`. */
export const test = base.extend<{ lab: Page }, { harnessSource: string }>({
  // A checkpoint's optional files are asked for and may be absent, which Chromium logs. (Not by test.use(), which holds for the
  // first file alone that a worker reads.)
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
  expectedErrors: async ({}, use) => use(/status of 404/),
  harnessSource: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
    async ({}, use) => {
      await use(await harnessSource());
    },
    { scope: 'worker' },
  ],
  lab: async ({ page, harnessSource }, use) => {
    await page.route('**/webgpu-lab.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><link rel="icon" href="data:,"><title>WebGPU tests</title>',
      }),
    );
    await page.goto('/webgpu-lab.html');
    await page.addScriptTag({ content: harnessSource });
    await use(page);
  },
});

declare global {
  // The page's global.
  var harness: Harness;
}

export { expect } from '@playwright/test';

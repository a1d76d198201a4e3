import { test as base } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findFirefox, findWebKit } from '../../scripts/setup/other-engines.mjs';
import type { Engine, EnginePage } from './engine.ts';
import { openFirefox } from './firefox.ts';
import { openWebKit } from './webkit.ts';

/** How to start each engine, or undefined where it is not installed. */
const openers = {
  Firefox: () => {
    const path = findFirefox();
    return path ? () => openFirefox(path) : undefined;
  },
  WebKit: () => {
    const paths = findWebKit();
    return paths ? () => openWebKit(paths) : undefined;
  },
};

export type EngineName = keyof typeof openers;

/** The repository served over HTTP; `requested` grows with every path that is asked for. */
interface Site {
  readonly url: string;
  readonly requested: string[];
}

/** Playwright's test with a page of another engine, started once a worker, on a blank page of the repository. */
export const test = base.extend<{ tab: EnginePage }, { engineName: EngineName; engine: Engine; site: Site }>({
  engineName: ['Firefox', { option: true, scope: 'worker' }],
  engine: [
    async ({ engineName }, use, { workerIndex }) => {
      const open = openers[engineName]();
      if (!open) throw new Error(`${engineName} is not installed; worker ${workerIndex} was to be skipped`);
      const engine = await open();
      await use(engine);
      await engine.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
    async ({}, use) => {
      const requested: string[] = [];
      const site = await serve('.', { onRequest: (path: string) => void requested.push(path) });
      await use({ url: site.url, requested });
      await site.close();
    },
    { scope: 'worker' },
  ],
  tab: async ({ engine, site }, use) => {
    const page = await engine.newPage();
    await page.goto(`${site.url}/e2e/page/blank.html`);
    await use(page);
    await page.close();
  },
});

/** Whether the engine is on this machine. */
export const isInstalled = (name: EngineName): boolean => openers[name]() !== undefined;

export { expect } from '@playwright/test';

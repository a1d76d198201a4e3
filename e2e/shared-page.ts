import type { Page } from '@playwright/test';
import { test as base, failOnProblems } from './serving.ts';

/**
 * Playwright's test with one page for all tests of a worker, loaded anew for each. A page of its own costs a test more than a second
 * of processor time, for a renderer. Not for tests that look at what is stored: that is kept.
 */
export const test = base.extend<object, { tab: Page }>({
  tab: [
    async ({ browser, site }, use) => {
      const context = await browser.newContext({ baseURL: site.url });
      await use(await context.newPage());
      await context.close();
    },
    { scope: 'worker' },
  ],
  context: ({ tab }, use) => use(tab.context()),
  page: async ({ tab, expectedErrors }, use) => {
    await failOnProblems(tab, expectedErrors, use);
    await tab.context().setOffline(false);
    await tab.context().unrouteAll({ behavior: 'ignoreErrors' });
    await tab.unrouteAll({ behavior: 'ignoreErrors' });
    // Whatever the test left running ends here, not in the next one.
    await tab.goto('about:blank');
  },
});

export { expect } from '@playwright/test';

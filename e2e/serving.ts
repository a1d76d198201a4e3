import { test as base, type ConsoleMessage, type Page } from '@playwright/test';
import { serve } from '../scripts/serve.mjs';

/** Where the repository is served, cross-origin isolated. */
interface Site {
  readonly url: string;
  close(): Promise<void>;
}

interface Options {
  /** Errors that a test provokes: the page may report these. */
  expectedErrors: RegExp | undefined;
}

/** Playwright's test with the repository served over HTTP, once a worker; `page.goto('/demos/')` goes there. */
export const test = base.extend<Options, { site: Site }>({
  expectedErrors: [undefined, { option: true }],
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
    async ({}, use) => {
      const site = await serve('.');
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site }, use) => use(site.url),
  page: async ({ page, expectedErrors }, use) => failOnProblems(page, expectedErrors, use),
});

/** A page that logs an error or throws fails its test, whatever else it shows. */
export async function failOnProblems(
  page: Page,
  expected: RegExp | undefined,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const problems: string[] = [];
  const onError = (error: Error) => problems.push(String(error));
  const onConsole = (message: ConsoleMessage) => message.type() === 'error' && problems.push(message.text());
  page.on('pageerror', onError);
  page.on('console', onConsole);
  await use(page);
  page.off('pageerror', onError);
  page.off('console', onConsole);
  const unexpected = problems.filter((problem) => !expected?.test(problem));
  if (unexpected.length > 0) throw new Error(`The page reported: ${unexpected.join('\n')}`);
}

export { expect } from '@playwright/test';

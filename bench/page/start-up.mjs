import { categories, NoMark, readMainThread } from './main-thread.mjs';

/**
 * Opens bench/page/start.html in a context without any cache, and waits until the embedded model has streamed.
 *
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url where the repository is served
 * @param {object} options of the generation
 * @returns firstToken: ms since navigation began; longestFrame: ms between two frames; script, longestTask: see
 *   {@link readMainThread}
 */
export async function measureStartUp(browser, url, options = { stopTokenIds: [] }) {
  // A navigation may start a process that writes into the trace only after the page's first lines have run.
  for (let attempt = 1; ; attempt++) {
    try {
      return await measureOnce(browser, url, options);
    } catch (error) {
      if (attempt === 5 || !(error instanceof NoMark)) throw error;
    }
  }
}

async function measureOnce(browser, url, options) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await browser.startTracing(page, { categories });
    // The page speaks first: Playwright's own evaluate would be a task of the page.
    const told = page.waitForEvent('console', { timeout: 60_000 });
    const search = new URLSearchParams({ options: JSON.stringify(options) });
    await page.goto(`${url}/bench/page/start.html?${search}`);
    const measured = JSON.parse((await told).text());
    return { ...measured, ...readMainThread(await browser.stopTracing()) };
  } finally {
    await context.close();
  }
}

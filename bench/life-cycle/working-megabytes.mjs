import { residentMegabytes } from '../process-memory.mjs';

/** Resident memory of the page's process after collecting garbage in it and its workers, in MB; NaN without /proc. */
export async function workingMegabytes(browser, page) {
  // Several times: what one frees may hold the next.
  for (let i = 0; i < 4; i++) {
    await page.evaluate(async () => {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    for (const worker of page.workers()) await worker.evaluate(() => globalThis.gc?.());
  }
  return residentMegabytes(browser);
}

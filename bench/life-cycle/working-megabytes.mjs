import { readFileSync } from 'node:fs';

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
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => resident(id));
  return Math.max(...pages);
}

function resident(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}

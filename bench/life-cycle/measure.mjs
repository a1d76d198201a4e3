import { workingMegabytes } from './working-megabytes.mjs';

/**
 * What using a model over and over leaves behind, in one page of Chromium: figures after a warm-up, and after all.
 *
 * @param {import('@playwright/test').Browser} browser started with --js-flags=--expose-gc
 * @param {string} url where the repository is served
 * @param {{ backend: 'wasm' | 'webgpu', worker: boolean, aborts: number, loads: number, warmUp?: number }} task
 *   `warmUp`: loads before the first figure. A page that loads in its own thread grows for some twenty of them, then stays
 */
export async function measureLifeCycle(browser, url, { backend, worker, aborts, loads, warmUp = 3 }) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}/e2e/page/blank.html`);
    await page.evaluate(async (file) => {
      const cycles = await import(file);
      Object.assign(globalThis, { cycles, gpuBuffers: cycles.countGpuBuffers() });
    }, '/bench/life-cycle/cycles.js');
    const now = async () => ({
      // First: it takes its time, in which the browser ends what was told to end.
      megabytes: await workingMegabytes(browser, page),
      workers: page.workers().length,
      // Of the page's thread: a worker's cannot be seen from here.
      gpuBuffers: await page.evaluate(() => globalThis.gpuBuffers()),
    });
    const load = (count) =>
      page.evaluate(({ count, options }) => globalThis.cycles.loadCycles(options, count), {
        count,
        options: { backend, worker },
      });
    const abort = (count) => page.evaluate((count) => globalThis.cycles.abortCycles(globalThis.model, count), count);

    await load(warmUp);
    const beforeLoads = await now();
    await load(loads);
    const afterLoads = await now();

    await page.evaluate(
      async (options) => {
        const { loadModel } = await import('/dist/index.js');
        globalThis.model = await loadModel(undefined, options);
      },
      { backend, worker },
    );
    await abort(10);
    const beforeAborts = await now();
    await abort(aborts);
    const afterAborts = await now();
    return { beforeLoads, afterLoads, beforeAborts, afterAborts };
  } finally {
    await context.close();
  }
}

// 1,000 generations aborted after a token and 50 models loaded and disposed of: memory, workers, GPU buffers before and after.
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { measureLifeCycle } from './measure.mjs';

const flags = ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--js-flags=--expose-gc'];
const cases = [
  { backend: 'wasm', worker: true },
  { backend: 'wasm', worker: false },
  { backend: 'webgpu', worker: false },
];
const units = { workers: '', gpuBuffers: '', megabytes: 'MB' };
const names = { workers: 'workers', gpuBuffers: 'GPU buffers', megabytes: 'resident memory of the page' };

/** @param {string[]} args `--aborts N` (1000), `--loads N` (50) */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : otherwise);
  const counts = { aborts: value('--aborts', 1000), loads: value('--loads', 50) };
  const site = await serve('.');
  const browser = await chromium.launch({ executablePath: findChromium(), args: flags });
  const rows = [];
  for (const { backend, worker } of cases) {
    const found = await measureLifeCycle(browser, site.url, { backend, worker, ...counts, warmUp: worker ? 3 : 20 });
    const subject = `gptlet ${backend}, ${worker ? 'in a worker' : "in the page's thread"}`;
    const add = (name, before, after) => {
      for (const key of Object.keys(units)) {
        for (const [when, figures] of Object.entries({ before, after })) {
          const figure = figures[key];
          const metric = `${names[key]} ${when}`;
          const common = { suite: 'life cycle', case: name, subject, metric, unit: units[key] };
          rows.push({ ...common, median: figure, min: figure, max: figure, runs: 1 });
        }
      }
    };
    add(`${counts.loads} loads and disposals`, found.beforeLoads, found.afterLoads);
    add(`${counts.aborts} generations aborted`, found.beforeAborts, found.afterAborts);
  }
  await browser.close();
  await site.close();
  return rows;
}

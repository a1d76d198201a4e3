// What the WebGPU engine asks of the GPU per load and per token, and how fast it is on the adapter that is there.
// In Chromium (its software adapter where there is no GPU), or with --node under Node with Dawn.
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { openDawn } from './open-dawn.mjs';

const flags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/**
 * @param {string[]} args `--shape small|124M` (small), `--dtype f32|f16|q8|q4` (q8), `--tokens N` decoded a run (16),
 *   `--prompt N` (32), `--runs N` (3), `--node` for Dawn instead of Chromium, `--hardware` for Chromium's real adapter
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const task = {
    name: value('--shape', 'small'),
    dtype: value('--dtype', 'q8'),
    tokens: Number(value('--tokens', 16)),
    prompt: Number(value('--prompt', 32)),
    runs: Number(value('--runs', 3)),
  };
  const inNode = args.includes('--node');
  const rows = await (inNode ? underNode(task) : inChromium(task, args.includes('--hardware')));
  const subject = inNode ? 'gptlet, Dawn' : 'gptlet, Chromium';
  return rows.map((row) => ({ suite: 'gpu', subject, ...row }));
}

async function inChromium(task, hardware) {
  const site = await serve('.');
  const args = hardware ? flags : [...flags, '--use-webgpu-adapter=swiftshader'];
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  try {
    const page = await browser.newPage();
    await page.route('**/gpu-bench.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>gpu</title>' }),
    );
    await page.goto(`${site.url}/gpu-bench.html`);
    return await page.evaluate(async (task) => {
      const load = (path) => import(path);
      const [webgpu, tensor, { measure }, { shapes }] = await Promise.all([
        load('/build/sdk/backends/webgpu/index.js'),
        load('/build/sdk/model/tensor.js'),
        load('/bench/gpu/measure.mjs'),
        load('/bench/gpu/seeded-model.mjs'),
      ]);
      return measure({ webgpu, tensor, gpu: navigator.gpu, config: shapes[task.name], ...task });
    }, task);
  } finally {
    await browser.close();
    await site.close();
  }
}

async function underNode(task) {
  const gpu = await openDawn();
  const [webgpu, tensor, { measure }, { shapes }] = await Promise.all([
    import('../../build/sdk/backends/webgpu/index.js'),
    import('../../build/sdk/model/tensor.js'),
    import('./measure.mjs'),
    import('./seeded-model.mjs'),
  ]);
  return measure({ webgpu, tensor, gpu, config: shapes[task.name], ...task });
}

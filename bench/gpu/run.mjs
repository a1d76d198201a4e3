// What the WebGPU engine asks of the GPU per load and per token, and how fast it is on the adapter that is there.
// In Chromium (its software adapter where there is no GPU), or with --node under Node with Dawn.
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { againstOnnxruntime } from './against-onnxruntime.mjs';
import { openDawn } from './open-dawn.mjs';

const flags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/**
 * @param {string[]} args `--shape small|124M` (124M), `--dtype f32|f16|q8|q4` (q8), `--tokens N` decoded a run (4),
 *   `--prompt N` (4), `--runs N` (3), `--peers q4,f32` dtypes of onnxruntime-web (q4, its faster one; `none` for none),
 *   `--no-counts` with nothing else, `--node` for Dawn instead of Chromium (and no peers), `--hardware` for Chromium's
 *   real adapter
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const task = {
    name: value('--shape', '124M'),
    dtype: value('--dtype', 'q8'),
    tokens: Number(value('--tokens', 4)),
    prompt: Number(value('--prompt', 4)),
    runs: Number(value('--runs', 3)),
  };
  const inNode = args.includes('--node');
  const launch = () => {
    const more = args.includes('--hardware') ? [] : ['--use-webgpu-adapter=swiftshader'];
    return chromium.launch({ executablePath: findChromium(), args: [...flags, ...more] });
  };
  const rows = [];
  if (!args.includes('--no-counts')) {
    const counted = await (inNode ? underNode(task) : inChromium(launch, task));
    const subject = inNode ? 'gptlet, Dawn' : 'gptlet, Chromium';
    rows.push(...counted.map((row) => ({ subject, ...row })));
  }
  const peers = value('--peers', 'q4').split(',');
  if (!inNode && task.name === '124M' && peers[0] !== 'none') {
    try {
      rows.push(...(await againstOnnxruntime(launch, { ...task, peers })));
    } catch (error) {
      // Without a registry to install it from, the counts are still worth having.
      console.error('onnxruntime-web is not measured:', error);
    }
  }
  return rows.map((row) => ({ suite: 'gpu', ...row }));
}

async function inChromium(launch, task) {
  const site = await serve('.');
  const browser = await launch();
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
        load('/build/sdk/model/weight-shapes.js'),
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
    import('../../build/sdk/model/weight-shapes.js'),
    import('./measure.mjs'),
    import('./seeded-model.mjs'),
  ]);
  return measure({ webgpu, tensor, gpu, config: shapes[task.name], ...task });
}

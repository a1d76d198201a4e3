// A model in a worker whose GPU devices a test can take away.
import type { Page } from '@playwright/test';

const blank = '/e2e/page/blank.html';

/**
 * Runs in the worker before gptlet: `lose` destroys all devices, `lose for good` takes the adapters away besides, `lose later` does
 * the first after four more submits: the prompt's and three of the tokens', of which a few dozen take seven and more. `lose in 2,3`
 * does it after two submits, and again after three more.
 */
const hook = `{
  const devices = [];
  let submitsLeft = [];
  const lose = () => devices.forEach((device) => device.destroy());
  const submit = GPUQueue.prototype.submit;
  GPUQueue.prototype.submit = function (commands) {
    submit.call(this, commands);
    if (submitsLeft.length === 0 || --submitsLeft[0] > 0) return;
    submitsLeft.shift();
    lose();
  };
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await request.call(this, descriptor);
    devices.push(device);
    return device;
  };
  const channel = new BroadcastChannel('device');
  channel.onmessage = ({ data }) => {
    if (data === 'lose later') submitsLeft = [4];
    else if (data.startsWith('lose in')) submitsLeft = data.slice(8).split(',').map(Number);
    else if (data.startsWith('lose')) lose();
    if (data === 'lose for good') GPU.prototype.requestAdapter = async () => null;
    channel.postMessage(devices.length + ' devices');
  };
}`;

/** Puts {@link hook} into the worker that generate() starts for the embedded model, and `lose` into the page. */
export async function prepareGenerate(page: Page): Promise<void> {
  await page.route('**/dist/worker-embedded.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${hook}\n${await response.text()}` });
  });
  await prepare(page);
}

/** Puts `load`, `lose` and `ids` into the page: a model whose worker has {@link hook} in it. */
export async function prepare(page: Page, before = ''): Promise<void> {
  await page.goto(blank);
  await page.evaluate(
    ([hook, before]) => {
      const channel = new BroadcastChannel('device');
      const code = `${hook}${before};importScripts('${location.origin}/dist/worker.js');`;
      Object.assign(window, {
        async load(source: string | undefined, options: object) {
          const { loadModel } = await import('/dist/index.js' as string);
          const worker = () => new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
          return loadModel(source && new URL(source, location.href), { worker, ...options });
        },
        async rememberWebGpu() {
          const config = await (await fetch('/fixtures/gpt2-tiny/config.json')).json();
          const { n_layer, n_embd, n_inner, n_head, vocab_size } = config;
          const key = ['a real GPU', 'q8', n_layer, n_embd, n_inner ?? 4 * n_embd, n_head, vocab_size].join('|');
          const cache = await caches.open('gptlet-backends');
          await cache.put(`https://gptlet.invalid/${encodeURIComponent(key)}`, new Response('webgpu'));
        },
        lose(how = 'lose'): Promise<string> {
          return new Promise((resolve) => {
            channel.onmessage = ({ data }) => resolve(data);
            channel.postMessage(how);
          });
        },
      });
    },
    [hook, before],
  );
}

export interface GpuPage {
  // biome-ignore lint/suspicious/noExplicitAny: the built package, as a page without types sees it
  load(source: string | undefined, options: object): Promise<any>;
  /** @param how a message to {@link hook}. Resolves with how many devices there have been. */
  lose(how?: 'lose' | 'lose for good' | 'lose later' | `lose in ${string}` | 'count'): Promise<string>;
  /** As if WebGPU had been measured to be faster for the fixture in q8, on the adapter of {@link asRealGpu}. */
  rememberWebGpu(): Promise<void>;
}

/** For {@link prepare}: the software adapter passes for a real GPU, which is what `backend: 'auto'` looks at. */
export const asRealGpu = `
  const info = { vendor: 'a', architecture: 'real', description: 'GPU', isFallbackAdapter: false };
  for (const [name, value] of Object.entries(info))
    Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
`;

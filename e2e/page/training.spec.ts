// A training in a page: in a worker of its own, kept while it is paused, by whichever way a worker can be had.
import type { Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

const blank = '/e2e/page/blank.html';

/** What {@link train} does besides training. */
interface Plan {
  /** Stands still after this step, for ever. */
  readonly pauseAt?: number;
  readonly abortAt?: number;
  readonly backend?: 'webgpu';
  /** @default the embedded one */
  readonly model?: string;
  /** Loses the page's GPU devices after this step. */
  readonly loseAt?: number;
}

/** Learns in twelve steps which texts are about the sea, by low-rank factors on the embedded body. */
const train = (page: Page, plan: Plan = {}) =>
  page.evaluate(async ({ pauseAt, abortAt, backend = 'wasm', model: source, loseAt }) => {
    const { loadModel } = await import('/dist/index.js' as string);
    const { fineTune } = await import('/dist/training.js' as string);
    const model = await loadModel(source, { backend: 'wasm' });
    const [sea, hill] = ['sea boat fish wave sand'.split(' '), 'hill tree bear snow rock'.split(' ')];
    const examples = Array.from({ length: 30 }, (_, i) => {
      const words = i % 2 === 0 ? sea : hill;
      return {
        text: `The ${words[i % 5]} and the ${words[(i * 3 + 1) % 5]} ${i}`,
        label: i % 2 === 0 ? 'sea' : 'hill',
      };
    });
    const stop = new AbortController();
    const options = { method: 'lora', steps: 12, batchSize: 8, evaluateEvery: 4, rank: 2, backend };
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    const run = fineTune(model, examples, { ...options, signal: stop.signal });
    const told: { step: number; loss: number; at: number }[] = [];
    const started = performance.now();
    const devices: GPUDevice[] = [];
    if (loseAt) {
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (...given) {
        const device = await requestDevice.apply(this, given);
        devices.push(device);
        return device;
      };
    }
    let onPaused = (): void => {};
    const paused = new Promise<void>((resolve) => (onPaused = resolve));
    const listen = async (): Promise<void> => {
      for await (const { stage, step, loss } of run) {
        if (stage !== 'learn') continue;
        // From the first step on: what came before is loading.
        if (told.length === 0) observer.observe({ type: 'longtask' });
        told.push({ step, loss, at: performance.now() - started });
        if (step === loseAt) for (const device of devices) device.destroy();
        if (step === abortAt) stop.abort(new Error('enough'));
        if (step !== pauseAt) continue;
        run.pause();
        onPaused();
      }
    };
    try {
      await Promise.race([listen(), paused]);
    } catch (error) {
      return { told, error: String(error) };
    }
    if (pauseAt) return { told };
    const { warnings, files } = await run;
    const bytes = (await files())['adapter_model.safetensors'] as Uint8Array<ArrayBuffer>;
    const digest = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))).join(' ');
    await model.dispose();
    return { told, warnings, digest, longest, devices: devices.length };
  }, plan);

/** Files of trainings in the origin-private storage, with their bytes. */
const kept = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const sizes: number[] = [];
    const entries = (directory: FileSystemDirectoryHandle) =>
      (directory as unknown as { values(): AsyncIterable<FileSystemHandle> }).values();
    const root = await navigator.storage.getDirectory();
    const all = await root.getDirectoryHandle('gptlet-training', { create: true });
    for await (const job of entries(all)) {
      for await (const file of entries(job as FileSystemDirectoryHandle))
        sizes.push((await (file as FileSystemFileHandle).getFile()).size);
    }
    return sizes;
  });

const workersOf = (page: Page): string[] =>
  page.workers().map((worker) => new URL(worker.url()).pathname.replace('/dist/', ''));

test('runs in a worker of its own, which goes with it, and never holds the page up', async ({ page }) => {
  await page.goto(blank);
  const workers = new Set<string>();
  page.on('worker', () => {
    for (const name of workersOf(page)) workers.add(name);
  });
  const { told, warnings, longest } = await train(page);
  expect(told.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(told[11].loss).toBeLessThan(told[0].loss);
  expect(warnings).toEqual([]);
  expect(workers).toContain('worker-training.js');
  expect(workersOf(page)).not.toContain('worker-training.js');
  expect(longest, 'no long task, 50 ms, from the first step on').toBe(0);
  expect(await kept(page)).toEqual([]);
});

test('goes on after the page was left, with the same numbers as if it had not been', async ({ page }) => {
  await page.goto(blank);
  const whole = await train(page);
  const left = await train(page, { pauseAt: 5 });
  expect(left.told.map(({ loss }) => loss)).toEqual(whole.told.slice(0, 5).map(({ loss }) => loss));
  await expect.poll(async () => (await kept(page)).length).toBeGreaterThan(0);
  await page.reload();
  const again = await train(page);
  expect(again.told.map(({ step, loss }) => [step, loss])).toEqual(whole.told.map(({ step, loss }) => [step, loss]));
  expect(again.told[4].at - again.told[0].at, 'the first five are told again, not done again').toBeLessThan(
    again.told[11].at - again.told[4].at,
  );
  expect(again.digest).toBe(whole.digest);
  expect(await kept(page)).toEqual([]);
});

test('ends when it is aborted, and leaves nothing behind', async ({ page }) => {
  await page.goto(blank);
  const { told, error } = await train(page, { abortAt: 3 });
  expect(error).toBe('Error: enough');
  expect(told.length).toBeLessThan(6);
  expect(await kept(page)).toEqual([]);
  expect(workersOf(page)).not.toContain('worker-training.js');
});

test.describe('where the worker’s file is missing', () => {
  test.use({ expectedErrors: /status of 404|worker/ });

  test('runs in a worker from a string, else in the page’s own thread, and says so', async ({ page, context }) => {
    await context.route('**/dist/worker-training.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto(blank);
    const inline = await train(page);
    expect(inline.warnings).toEqual([]);
    await context.route('**/dist/worker-training*.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.reload();
    const own = await train(page);
    expect(own.digest).toBe(inline.digest);
    expect(own.warnings).toHaveLength(1);
    expect(own.warnings?.[0]).toMatch(
      /^The training ran in the page's own thread, which it held up: no worker could be started/,
    );
  });

  test('goes on on another GPU device where one is lost, with the same numbers @every', async ({ page, context }) => {
    // A software adapter compiles the kernels three times.
    test.setTimeout(300_000);
    // In the page's own thread, where a test can lose it.
    await context.route('**/dist/worker-training*.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto(blank);
    // A software adapter takes its time.
    const small = { backend: 'webgpu', model: '/fixtures/gpt2-tiny/' } as const;
    const whole = await train(page, small);
    const again = await train(page, { ...small, loseAt: 4 });
    expect(again.devices).toBe(2);
    expect(again.told.map(({ step, loss }) => [step, loss])).toEqual(whole.told.map(({ step, loss }) => [step, loss]));
    expect(again.digest).toBe(whole.digest);
  });
});

// Pages that forbid themselves most things, and visitors who do.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

const blank = '/e2e/page/blank.html';
/** What the README lists, and the icon of the page. */
const strict =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src data:";

test.use({ expectedErrors: /Content.Security.Policy|Refused|violates|worker|TrustedScriptURL|status of 404/i });

/** Serves the blank page and the worker's files with this policy, isolated or not. */
async function withPolicy(page: Page, policy: string, isolated = true): Promise<void> {
  await page.route(
    (url) => url.pathname === blank || /^\/dist\/worker(-wasm)?\.js$/.test(url.pathname),
    async (route) => {
      const response = await route.fetch();
      const headers = Object.entries(response.headers()).filter(
        ([name]) => isolated || !name.startsWith('cross-origin'),
      );
      await route.fulfill({
        response,
        headers: { ...Object.fromEntries(headers), 'content-security-policy': policy },
      });
    },
  );
  await page.goto(blank);
}

/** Tokens of a short completion, or the error's code and message. */
const complete = (page: Page, source?: string): Promise<number[] | string> =>
  page.evaluate(async (source) => {
    const { loadModel } = await import('/dist/index.js' as string);
    try {
      const model = await loadModel(source, { backend: 'wasm', threads: 2 });
      const { tokenIds } = await model.generate([1, 2, 3], { maxNewTokens: 8, temperature: 0, stopTokenIds: [] });
      await model.dispose();
      return tokenIds;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return `${code}: ${message}`;
    }
  }, source);

for (const isolated of [true, false]) {
  test(`the strictest policy that the README lists, ${isolated ? '' : 'not '}isolated`, async ({ page }) => {
    await withPolicy(page, strict, isolated);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
    expect(await complete(page)).toHaveLength(8);
  });
}

test('Trusted Types are required: the policy gptlet is enough', async ({ page }) => {
  const types = "; require-trusted-types-for 'script'; trusted-types gptlet";
  await withPolicy(page, strict.replace("worker-src 'self'", "worker-src 'self' blob:") + types);
  expect(await complete(page)).toHaveLength(8);
  expect(await complete(page), 'a second time').toHaveLength(8);
});

test('Trusted Types are required: an isolated page has its threads all the same', async ({ page }) => {
  // The worker, which comes from a string here, tells of every thread that it starts or gives up.
  await page.addInitScript(() => {
    const telling = `{
      const told = new BroadcastChannel('threads');
      const { Worker } = self;
      self.Worker = class extends Worker {
        constructor(url, options) {
          super(url, options);
          told.postMessage('started ' + options.name);
        }
        terminate() {
          told.postMessage('ended');
          super.terminate();
        }
      };
    }`;
    window.Blob = class extends Blob {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super(options?.type === 'text/javascript' ? [telling, ...parts] : parts, options);
      }
    };
  });
  const types = "; require-trusted-types-for 'script'; trusted-types gptlet";
  await withPolicy(page, strict.replace("worker-src 'self'", "worker-src 'self' blob:") + types);
  for (const dtype of ['f32', 'q8']) {
    const outcome = await page.evaluate(async (dtype) => {
      const told: string[] = [];
      const channel = new BroadcastChannel('threads');
      channel.onmessage = ({ data }) => told.push(data);
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(undefined, { backend: 'wasm', threads: 2, dtype });
      const { tokenIds } = await model.generate([1, 2, 3], { maxNewTokens: 8, temperature: 0, stopTokenIds: [] });
      // Messages of a channel take their own time.
      for (let i = 0; told.length === 0 && i < 50; i++) await new Promise((resolve) => setTimeout(resolve, 20));
      channel.close();
      const result = { isolated: crossOriginIsolated, tokens: tokenIds.length, told };
      await model.dispose();
      return result;
    }, dtype);
    expect(outcome, dtype).toEqual({ isolated: true, tokens: 8, told: ['started gptlet thread'] });
  }
});

test('Trusted Types without that policy: the error names what to allow', async ({ page }) => {
  await withPolicy(page, `${strict}; require-trusted-types-for 'script'; trusted-types 'none'`);
  const told = await complete(page);
  expect(told).toMatch(/^WORKER_FAILED/);
  expect(told).toContain('trusted-types gptlet');
});

test("a page without 'wasm-unsafe-eval' hears which header to change", async ({ page }) => {
  await withPolicy(page, strict.replace(" 'wasm-unsafe-eval'", ''));
  const told = await complete(page);
  expect(told).toMatch(/^UNSUPPORTED_PLATFORM/);
  expect(told).toContain("'wasm-unsafe-eval'");
  expect(told).toContain('Content-Security-Policy');
});

test.describe('weights that cannot be kept', () => {
  const folder = '/fixtures/gpt2-tiny/';

  test('navigator.storage is denied: the Cache API keeps them', async ({ page }) => {
    await page.goto(blank);
    const kept = await page.evaluate(async (folder) => {
      const deny = () => Promise.reject(new DOMException('denied', 'SecurityError'));
      StorageManager.prototype.getDirectory = deny;
      StorageManager.prototype.estimate = deny;
      const { listCached, loadModel, probe } = await import('/dist/index.js' as string);
      const model = await loadModel(folder, { backend: 'wasm', worker: false });
      const { storage } = await probe();
      return { bytes: model.bytes.weights, kept: (await listCached()).length, storage: storage ?? null };
    }, folder);
    expect(kept.bytes).toBeGreaterThan(0);
    expect(kept).toMatchObject({ kept: 1, storage: null });
  });

  test('every storage is denied, locks as well: the model loads all the same', async ({ page }) => {
    await page.goto(blank);
    const outcome = await page.evaluate(async (folder) => {
      const deny = () => Promise.reject(new DOMException('denied', 'SecurityError'));
      StorageManager.prototype.getDirectory = deny;
      CacheStorage.prototype.open = deny;
      LockManager.prototype.request = deny;
      const { listCached, loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(folder, { backend: 'wasm', worker: false });
      const { tokenIds } = await model.generate([1, 2, 3], { maxNewTokens: 4, stopTokenIds: [] });
      return { tokens: tokenIds.length, kept: (await listCached()).length };
    }, folder);
    expect(outcome).toEqual({ tokens: 4, kept: 0 });
  });

  test('a frame without an origin, where the browser denies storage and locks itself', async ({ page }) => {
    await page.route('**/sandboxed.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': 'sandbox allow-scripts' },
        body: '<!doctype html><title>no origin</title><link rel="icon" href="data:,">',
      }),
    );
    await page.route(/\/(dist|models|fixtures)\//, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
    });
    await page.goto('/sandboxed.html');
    expect(await page.evaluate(() => origin)).toBe('null');
    expect(await complete(page, new URL(folder, page.url()).href)).toHaveLength(8);
    expect(await complete(page)).toHaveLength(8);
  });

  test('an iframe that is sandboxed, with generate() as well', async ({ page }) => {
    await page.route(/\/(dist|models|fixtures)\//, async (route) => {
      const response = await route.fetch();
      const shared = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
      await route.fulfill({ response, headers: { ...response.headers(), ...shared } });
    });
    await page.goto(blank);
    await page.evaluate((blank) => {
      const frame = Object.assign(document.createElement('iframe'), { src: `${blank}?inside` });
      frame.setAttribute('sandbox', 'allow-scripts');
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener('load', resolve));
    }, blank);
    const frame = page.frames()[1];
    const found = await frame.evaluate(async (folder) => {
      const { generate, listCached, loadModel, openWeightCache } = await import('/dist/index.js' as string);
      const greedy = { maxNewTokens: 8, temperature: 0, stopTokenIds: [] };
      const embedded = await generate('Once', greedy);
      const beams = await generate('Once', { ...greedy, numBeams: 2 });
      const named = await generate([1, 2, 3], { ...greedy, model: folder, backend: 'wasm' });
      const model = await loadModel();
      const same = (await model.generate('Once', greedy)).text === embedded.text;
      await model.dispose();
      const lengths = [embedded, beams, named].map(({ tokenIds }) => tokenIds.length);
      // Of the caller's own, which needs neither storage nor locks.
      const pieces = new Map<string, Uint8Array>();
      const cache = {
        read: async (name: string) => pieces.get(name),
        write: async (name: string, bytes: Uint8Array) => void pieces.set(name, bytes.slice()),
        remove: async (name: string) => void pieces.delete(name),
        names: async () => [...pieces.keys()],
      };
      const ofOwn: string[] = [];
      for (const worker of [false, true]) {
        pieces.clear();
        const kept = await loadModel(folder, { cache, worker });
        await kept.dispose();
        const [{ complete, files }] = await listCached(cache);
        ofOwn.push(`${files.length} files, ${complete ? 'whole' : 'in part'}`);
      }
      return { origin, lengths, same, kept: [await openWeightCache(), await listCached()], ofOwn };
    }, new URL(folder, page.url()).href);
    expect(found).toMatchObject({ origin: 'null', lengths: [8, 8, 8], same: true, kept: [undefined, []] });
    expect(found.ofOwn).toEqual(Array(2).fill('6 files, whole'));
  });
});

test('a visitor who blocks cookies, and with them all storage, gets the text all the same', async ({ site }, info) => {
  const profile = info.outputPath('profile');
  await mkdir(join(profile, 'Default'), { recursive: true });
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
  const launch = info.project.use.launchOptions;
  const context = await chromium.launchPersistentContext(profile, { ...launch, headless: true });
  try {
    const page = await context.newPage();
    await page.goto(site.url + blank);
    const denied = await page.evaluate(() =>
      navigator.storage.getDirectory().then(
        () => 'granted',
        (error: Error) => error.name,
      ),
    );
    expect(denied).toBe('SecurityError');
    expect(await complete(page, '/fixtures/gpt2-tiny/')).toHaveLength(8);
    expect(await complete(page)).toHaveLength(8);
  } finally {
    await context.close();
  }
});

test('an engine without WebAssembly SIMD: probe() says so, and the error names the versions that have it', async ({
  page,
}) => {
  await page.goto(blank);
  const { wasm, told } = await page.evaluate(async () => {
    // As such an engine answers: SIMD is an unknown instruction to it.
    const fail = () => {
      throw new WebAssembly.CompileError('invalid opcode 0xfd');
    };
    const { compile, instantiate, validate, Module } = WebAssembly;
    Object.assign(WebAssembly, { compile: async () => fail(), instantiate: async () => fail(), validate: () => false });
    WebAssembly.Module = new Proxy(Module, { construct: fail });
    const { loadModel, probe } = await import('/dist/index.js' as string);
    const { wasm } = await probe();
    const told = await loadModel(undefined, { backend: 'wasm', worker: false }).catch(
      ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
    );
    Object.assign(WebAssembly, { compile, instantiate, validate, Module });
    return { wasm, told };
  });
  expect(wasm).toEqual({ available: true, simd: false, relaxedSimd: false });
  expect(told).toMatch(/^UNSUPPORTED_PLATFORM.*SIMD.*Chrome 91, Firefox 89, Safari 16\.4/);
});

// How a worker is found, whatever the server and the page allow.
import type { Page } from '@playwright/test';
import { expect, test } from '../shared-page.ts';

const blank = '/e2e/page/blank.html';

test('the worker comes from its file, and goes with the model', async ({ page, site }) => {
  await page.goto(blank);
  await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    Object.assign(window, { model: await loadModel(undefined, { backend: 'wasm' }) });
  });
  expect(page.workers().map((worker) => worker.url())).toContain(`${site.url}/dist/worker-wasm.js`);
  const gone = page.workers()[0].waitForEvent('close');
  await page.evaluate(() =>
    (window as unknown as { model: AsyncDisposable & { dispose(): Promise<void> } }).model.dispose(),
  );
  await gone;
  expect(page.workers()).toHaveLength(0);
});

test('generating with the embedded model starts the smaller worker for that, every other model the whole one', async ({
  page,
  site,
}) => {
  await page.goto(blank);
  const urls = () => page.workers().map((worker) => worker.url().replace(`${site.url}/dist/`, ''));
  const own = await generate(page);
  expect(own).toMatch(/\w/);
  expect(urls()).toEqual(['worker-embedded-wasm.js']);
  // The same model from its folder: the same tokens by the whole worker.
  expect(await generate(page, '/models/default/')).toBe(own);
  expect(urls().sort()).toEqual(['worker-embedded-wasm.js', 'worker-wasm.js']);
});

test('what the smaller worker cannot do, the whole one does, and then the rest too', async ({ page, site }) => {
  await page.goto(blank);
  const urls = () => page.workers().map((worker) => worker.url().replace(`${site.url}/dist/`, ''));
  const results = await page.evaluate(async () => {
    const { generate } = await import('/dist/index.js' as string);
    const run = (options: object) => generate('Once', { backend: 'wasm', maxNewTokens: 2, temperature: 0, ...options });
    const first = await run({ numBeams: 2, numSequences: 2 });
    return {
      first,
      logprobs: (await run({ logprobs: 1 })).logprobs,
      plain: await run({}),
      f32: await run({ dtype: 'f32' }),
    };
  });
  expect(results.first.sequences).toHaveLength(2);
  expect(results.logprobs).toHaveLength(2);
  expect(results.plain.tokenIds).toHaveLength(2);
  expect(results.f32.tokenIds).toHaveLength(2);
  // Other weights are another model.
  expect(urls()).toEqual(['worker-wasm.js', 'worker-wasm.js']);
});

test('a worker that the caller made, a classic one, works as well', async ({ page }) => {
  await page.goto(blank);
  expect(await complete(page, 'classic')).toMatch(/\w/);
});

test('without a worker the page itself runs the model', async ({ page }) => {
  await page.goto(blank);
  expect(await complete(page, 'none')).toMatch(/\w/);
  expect(page.workers()).toHaveLength(0);
});

test.describe('where the worker file is missing', () => {
  test.use({ expectedErrors: /404|worker/i });

  test('the inlined source takes its place', async ({ page, context }) => {
    await context.route('**/dist/worker-wasm.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto(blank);
    expect(await complete(page, 'default')).toMatch(/\w/);
    expect(page.workers().some((worker) => worker.url().startsWith('blob:'))).toBe(true);
  });

  test('a server that answers every address with a page does not stop it', async ({ page, context }) => {
    const html = '<!doctype html><title>app</title>';
    await context.route('**/dist/worker-wasm.js', (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.goto(blank);
    expect(await complete(page, 'default')).toMatch(/\w/);
  });
});

test.describe('where a file is missing that generating needs', () => {
  test.use({ expectedErrors: /404|worker/i });

  for (const missing of [
    'dist/worker-embedded-wasm.js',
    'models/default/model.safetensors',
    'models/default/tokenizer.json',
  ]) {
    for (const answer of ['nothing', 'a page']) {
      test(`what is inside the code takes its place: ${missing} answered with ${answer}`, async ({ page, context }) => {
        const html = { contentType: 'text/html', body: '<!doctype html><title>app</title>' };
        await context.route(`**/${missing}`, (route) =>
          route.fulfill(answer === 'nothing' ? { status: 404, body: 'Not found' } : html),
        );
        await page.goto(blank);
        expect(await generate(page)).toMatch(/\w/);
      });
    }
  }
});

const withPolicy = (page: Page, policy: string) =>
  page.route(`**${blank}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });

// Where no second way is open, the error has to tell how to mend the first.
test.describe('a page that allows no blob: workers', () => {
  test.use({ expectedErrors: /404|MIME|Content.Security.Policy|Refused|violates|worker/i });

  for (const [name, answer] of Object.entries({
    'is missing (404)': { status: 404, body: 'Not found' },
    'is served as plain text': {
      contentType: 'text/plain',
      headers: { 'x-content-type-options': 'nosniff' },
      body: 'self.x = 1',
    },
    'is a page of the app': { contentType: 'text/html', body: '<!doctype html><title>app</title>' },
  })) {
    test(`and whose worker file ${name} hears which file to serve, and which header or option would do`, async ({
      page,
      context,
    }) => {
      await withPolicy(page, "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
      await context.route('**/dist/worker-wasm.js', (route) => route.fulfill(answer));
      await page.goto(blank);
      const error = await complete(page, 'default');
      expect(error).toMatch(/^WORKER_FAILED/);
      for (const told of ['dist/worker.js', 'text/javascript', "worker-src 'self' blob:", '{ worker: false }'])
        expect(error).toContain(told);
    });
  }

  test('and whose own worker leads nowhere hears which file it has to be', async ({ page }) => {
    await page.goto(blank);
    const error = await complete(page, 'missing');
    expect(error).toMatch(/^WORKER_FAILED/);
    expect(error).toContain('worker.js');
    expect(error).toContain('text/javascript');
  });
});

test('no .wasm file is fetched that could have the wrong MIME type', async ({ page }) => {
  const requested: string[] = [];
  page.on('response', async (response) => {
    requested.push(`${new URL(response.url()).pathname} ${response.headers()['content-type'] ?? ''}`);
  });
  await page.goto(blank);
  expect(await complete(page, 'default')).toMatch(/\w/);
  expect(requested.some((line) => line.startsWith('/dist/index.js'))).toBe(true);
  expect(requested.filter((line) => /wasm($|\s)|application\/wasm/.test(line))).toEqual([]);
});

test.describe('under a Content-Security-Policy', () => {
  test.use({ expectedErrors: /Content.Security.Policy|Refused|violates|worker/i });

  test('the strictest one that the README lists is enough', async ({ page }) => {
    await withPolicy(
      page,
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src data:",
    );
    await page.goto(blank);
    // Playwright's evaluate is not bound by the policy; what it imports is.
    expect(await complete(page, 'default')).toMatch(/\w/);
  });

  test('a page that forbids workers hears which option or header to change', async ({ page }) => {
    await withPolicy(
      page,
      "default-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'; img-src data:",
    );
    await page.goto(blank);
    const error = await complete(page, 'default');
    expect(error).toMatch(/^WORKER_FAILED/);
    expect(error).toContain('worker-src');
    expect(error).toContain('worker: false');
    expect(await complete(page, 'none')).not.toMatch(/^WORKER_FAILED/);
  });
});

/** Text of a short greedy completion by generate(). */
function generate(page: Page, model?: string): Promise<string> {
  return page.evaluate(async (model) => {
    const { generate } = await import('/dist/index.js' as string);
    const options = { backend: 'wasm', cache: false, maxNewTokens: 8, temperature: 0 };
    return (await generate('Once upon a time', { ...options, model })).text;
  }, model);
}

/** Text of a short completion with this kind of worker, or the error's code and message. */
function complete(page: Page, kind: 'default' | 'classic' | 'none' | 'missing'): Promise<string> {
  return page.evaluate(async (kind) => {
    const { loadModel } = await import('/dist/index.js' as string);
    const worker = {
      default: undefined,
      classic: () => new Worker('/dist/worker.js'),
      none: false,
      missing: () => new Worker('/no-such-worker.js', { type: 'module' }),
    }[kind];
    try {
      const model = await loadModel(undefined, { backend: 'wasm', worker });
      const { text } = await model.generate('Once upon a time', { maxNewTokens: 8, temperature: 0 });
      return text;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return `${code}: ${message}`;
    }
  }, kind);
}

// Loads that are cut off: by a reload, by the network, by a full disk, by the caller.
import type { Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

test.use({ expectedErrors: /ERR_|Failed to load resource|worker/i });

const blank = '/e2e/page/blank.html';

/** Greedy tokens of the model at this address, which is left where it is. */
const load = (page: Page, folder = '/models/default/'): Promise<number[]> =>
  page.evaluate(async (folder) => {
    const { loadModel } = await import('/dist/index.js' as string);
    const model = await loadModel(folder, { backend: 'wasm', cache: true });
    return (await model.generate([1, 2, 3], { temperature: 0, maxNewTokens: 10, stopTokenIds: [] })).tokenIds;
  }, folder);

test('a page reloaded as soon as a model is there finds it whole, also without a network', async ({
  page,
  context,
}) => {
  await page.goto(blank);
  const reloaded = page.waitForEvent('load');
  await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    await loadModel('/models/default/', { backend: 'wasm', cache: true });
    location.reload();
  });
  await reloaded;
  await context.route('**/models/default/**', (route) => route.abort());
  const kept = await load(page);
  await context.unrouteAll();
  await page.evaluate(async () => (await import('/dist/index.js' as string)).removeCached());
  expect(kept).toEqual(await load(page));
});

test('a page reloaded amid a download, or amid a write, loads the right model then', async ({ page }) => {
  await page.goto(blank);
  const wanted = await load(page);
  for (const parts of [1, 3, 6]) {
    const reloaded = page.waitForEvent('load');
    await page.evaluate(async (parts) => {
      const { loadModel, removeCached } = await import('/dist/index.js' as string);
      await removeCached();
      await new Promise<void>((resolve) => {
        let told = 0;
        const onProgress = ({ stage }: { stage: string }) => {
          if (stage !== 'config' && ++told >= parts) resolve();
        };
        loadModel('/models/default/', { backend: 'wasm', cache: true, onProgress }).catch(() => {});
      });
      location.reload();
    }, parts);
    await reloaded;
    expect(await load(page), `${parts} parts told`).toEqual(wanted);
  }
});

test('a page that goes offline between config and weights: NETWORK, and the same load works once it is back', async ({
  page,
  context,
}) => {
  await page.goto(blank);
  await context.route('**/model.safetensors', (route) => route.abort('internetdisconnected'));
  const attempt = () =>
    page.evaluate(async () => {
      const { generate, loadModel } = await import('/dist/index.js' as string);
      const told = (error: { code?: string }) => error.code ?? String(error);
      const greedy = { temperature: 0, maxNewTokens: 4, stopTokenIds: [] };
      const folder = '/fixtures/gpt2-tiny/';
      const ofModel = async () => (await loadModel(folder, { backend: 'wasm' })).generate([1, 2, 3], greedy);
      return Promise.all([
        ofModel().then(({ tokenIds }) => tokenIds.length, told),
        generate([1, 2, 3], { model: folder, backend: 'wasm', ...greedy }).then(
          ({ tokenIds }: { tokenIds: number[] }) => tokenIds.length,
          told,
        ),
      ]);
    });
  expect(await attempt()).toEqual(['NETWORK', 'NETWORK']);
  await expect.poll(() => page.workers().length).toBe(0);
  await context.unrouteAll();
  expect(await attempt()).toEqual([4, 4]);
});

for (const [left, room] of [
  ['nothing', 0],
  ['less than a manifest', 100],
] as const) {
  test(`a disk with ${left} left costs no model that is kept, also without a network`, async ({
    page,
    context,
    site,
  }) => {
    const folder = '/fixtures/gpt2-tiny/';
    await page.goto(blank);
    const first = await load(page, folder);
    const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    const session = await context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: site.url, quotaSize: usage + room });
    // That it was used now cannot be written down. Twice, since the first time must leave it whole.
    for (let time = 0; time < 2; time++) {
      await page.reload();
      await context.route('**/fixtures/**', (route) => route.abort());
      expect(await load(page, folder)).toEqual(first);
      await context.unrouteAll();
    }
  });
}

test('a disk that is full is made room on by removing the model used longest ago', async ({ page, context, site }) => {
  await page.goto(blank);
  await load(page, '/fixtures/gpt2-odd/');
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.url, quotaSize: usage });
  await load(page, '/fixtures/gpt2-nhead3-nctx77/');
  const kept = await page.evaluate(async () => {
    const { listCached } = await import('/dist/index.js' as string);
    return (await listCached()).map(({ model, complete }: { model: string; complete: boolean }) => [
      model.split('/').at(-2),
      complete,
    ]);
  });
  expect(kept).toEqual([['gpt2-nhead3-nctx77', true]]);
});

test.describe('a load that its caller aborts rejects with the caller’s reason', () => {
  for (const backend of ['wasm', 'webgpu'] as const) {
    test(`in every stage, in a worker and in the page: ${backend}`, async ({ page }) => {
      await page.goto(blank);
      const ends = await page.evaluate(async (backend) => {
        const { loadModel } = await import('/dist/index.js' as string);
        const ends: string[] = [];
        for (const worker of [true, false]) {
          for (const stage of ['config', 'download', 'compile', 'ready']) {
            const [abort, reason] = [new AbortController(), new RangeError('enough')];
            const onProgress = (progress: { stage: string }) => progress.stage === stage && abort.abort(reason);
            const loading = loadModel('/fixtures/gpt2-tiny', { backend, worker, onProgress, signal: abort.signal });
            ends.push(
              await loading.then(
                () => `loaded in spite of ${stage}`,
                (error: unknown) => (error === reason ? 'the reason' : String(error)),
              ),
            );
          }
        }
        return ends;
      }, backend);
      expect(ends).toEqual(Array(8).fill('the reason'));
      await expect.poll(() => page.workers().length).toBe(0);
    });
  }

  test('whenever that is, until the model is there', async ({ page }) => {
    await page.goto(blank);
    const ends = await page.evaluate(async () => {
      const { loadModel } = await import('/dist/index.js' as string);
      const ends: Record<string, number> = {};
      for (let ms = 0, loaded = 0; loaded < 3 && ms < 3000; ms += 15) {
        const [abort, reason] = [new AbortController(), new RangeError('enough')];
        let settled = false;
        const loading = loadModel('/fixtures/gpt2-tiny', { backend: 'wasm', cache: false, signal: abort.signal });
        const outcome = loading.then(
          async (model: { dispose(): Promise<void> }) => {
            settled = true;
            await model.dispose();
            return 'loaded';
          },
          (error: unknown) => (error === reason ? 'the reason' : String(error)),
        );
        await new Promise((resolve) => setTimeout(resolve, ms));
        const wanted = settled ? 'loaded' : 'the reason';
        if (settled) loaded++;
        abort.abort(reason);
        const found = await outcome;
        const end = found === wanted ? found : `${found} where ${wanted} was due`;
        ends[end] = (ends[end] ?? 0) + 1;
      }
      return ends;
    });
    expect(ends).toEqual({ loaded: 3, 'the reason': expect.any(Number) });
    await expect.poll(() => page.workers().length).toBe(0);
  });

  test('at once, while the worker’s file is still on its way', async ({ page, context }) => {
    await context.route('**/dist/worker-wasm.js', () => {}); // never answered
    await page.goto(blank);
    const found = await page.evaluate(async () => {
      const { loadModel } = await import('/dist/index.js' as string);
      const [abort, reason] = [new AbortController(), new RangeError('enough')];
      const loading = loadModel(undefined, { backend: 'wasm', signal: abort.signal });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const aborted = performance.now();
      abort.abort(reason);
      const isReason = await loading.catch((error: unknown) => error === reason);
      return { isReason, ms: performance.now() - aborted };
    });
    expect(found.isReason).toBe(true);
    expect(found.ms).toBeLessThan(2000);
    // What was on its way is given up when it comes, or does not.
    await expect.poll(() => page.workers().length).toBe(0);
  });
});

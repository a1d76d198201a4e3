// Loads over real connections in a real page: compressed by a host of another origin, and ended at every moment.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from '../serving.ts';

test.use({ expectedErrors: /Failed to load resource/ });

test('a host of another origin may compress everything and expose no header: progress is right, and so is the model', async ({
  page,
}) => {
  const cdn = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'range');
    const path = `./models/default/${request.url?.split('/').at(-1)}`;
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (!existsSync(path)) return void response.writeHead(404).end();
    const body = gzipSync(readFileSync(path), { level: 1 });
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': body.length, ETag: '"1"' }).end(body);
  });
  await new Promise<void>((resolve) => cdn.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto('/e2e/page/blank.html');
    const load = (source: string) =>
      page.evaluate(async (source) => {
        const { loadModel } = await import('/dist/index.js' as string);
        const told: { fraction: number; loadedBytes: number; totalBytes: number }[] = [];
        const model = await loadModel(source, {
          backend: 'wasm',
          cache: false,
          onProgress: (one: never) => told.push(one),
        });
        const { text } = await model.generate('Once upon a time', { temperature: 0, maxNewTokens: 12 });
        await model.dispose();
        return { text, told };
      }, source);
    const compressed = await load(`http://127.0.0.1:${(cdn.address() as AddressInfo).port}/`);
    const plain = await load('/models/default/');
    expect(compressed.text).toBe(plain.text);
    const fractions = compressed.told.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.filter((fraction) => fraction > 0.1 && fraction < 0.9).length).toBeGreaterThan(2);
    expect(compressed.told.at(-1)).toEqual(plain.told.at(-1));
  } finally {
    cdn.closeAllConnections();
    cdn.close();
  }
});

for (const worker of [true, false]) {
  test(`a load ends for the reason given, at any stage, ${worker ? 'in a worker, which ends with it' : 'in the page'}`, async ({
    page,
  }) => {
    await page.goto('/e2e/page/blank.html');
    const found = await page.evaluate(async (worker) => {
      const { loadModel } = await import('/dist/index.js' as string);
      const reasons = { none: [], error: [new RangeError('enough')], text: ['enough'] };
      type Progress = { stage: string; fraction: number };
      const moments: Record<string, (progress: Progress) => boolean> = {
        first: () => true,
        third: ({ fraction }) => fraction > 0.3,
        compile: ({ stage }) => stage === 'compile',
        ready: ({ stage }) => stage === 'ready',
      };
      const outcomes: Record<string, string> = {};
      for (const [given, reason] of Object.entries(reasons)) {
        const load = async (stop: AbortController, onProgress?: (progress: Progress) => void): Promise<string> => {
          try {
            const options = { backend: 'wasm', cache: false, worker, signal: stop.signal, onProgress };
            await (await loadModel('/models/default/', options)).dispose();
            return 'loaded';
          } catch (error) {
            return `${(error as Error).name ?? error}${error === stop.signal.reason ? '' : ', which is not the reason'}`;
          }
        };
        const before = new AbortController();
        before.abort(...reason);
        outcomes[`${given}, before`] = await load(before);
        for (const [moment, is] of Object.entries(moments)) {
          const stop = new AbortController();
          outcomes[`${given}, ${moment}`] = await load(stop, (progress) => is(progress) && stop.abort(...reason));
        }
      }
      return outcomes;
    }, worker);
    const names = { none: 'AbortError', error: 'RangeError', text: 'enough' };
    const moments = ['before', 'first', 'third', 'compile', 'ready'];
    expect(found).toEqual(
      Object.fromEntries(
        Object.entries(names).flatMap(([given, name]) => moments.map((moment) => [`${given}, ${moment}`, name])),
      ),
    );
    await expect.poll(() => page.workers().length).toBe(0);
  });
}

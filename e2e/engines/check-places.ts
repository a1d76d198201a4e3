import { serve } from '../../scripts/serve.mjs';
import { expectedTokens } from '../projects/expected-tokens.ts';
import { type EngineName, expect, test } from './engine-fixture.ts';
import { onNetwork } from './on-network.ts';

/** Declares the tests of pages that are served in other ways than those of the other checks. */
export function checkPlaces(name: EngineName): void {
  test(`${name} without isolation loads the single file of another origin, with one thread`, async ({ tab }) => {
    const cdn = await serve('.', { isolated: false, headers: { 'Access-Control-Allow-Origin': '*' } });
    const plain = await serve('e2e/page', { isolated: false });
    try {
      await tab.goto(`${plain.url}/blank.html`);
      const { threads, tokenIds } = await tab.evaluate(async (single) => {
        const { generate, probe } = await import(single);
        const { threads } = await probe();
        const run = generate('Once upon a time', { maxNewTokens: 32, temperature: 0, backend: 'wasm', threads: 4 });
        return { threads, tokenIds: (await run).tokenIds };
      }, `${cdn.url}/dist/gptlet.single.js`);
      expect(threads).toBe(1);
      expect(tokenIds).toEqual(await expectedTokens());
    } finally {
      await Promise.all([cdn.close(), plain.close()]);
    }
  });

  test(`${name} without an origin, or by plain http, has no storage and no locks, and generates all the same`, async ({
    tab,
    site,
  }, info) => {
    const shared = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*' };
    const sandboxed = await serve('.', {
      // WebKit gives an isolated page without an origin no worker from a string.
      isolated: false,
      headers: { ...shared, 'Content-Security-Policy': 'sandbox allow-scripts' },
    });
    const plain = await onNetwork(site.url);
    try {
      for (const url of [sandboxed.url, plain?.url]) {
        if (!url) continue;
        await tab.goto(`${url}/e2e/page/blank.html`);
        const found = await tab.evaluate(async (url) => {
          const { generate, listCached, loadModel, openWeightCache } = await import(`${url}/dist/index.js`);
          const options = { maxNewTokens: 8, temperature: 0, stopTokenIds: [], backend: 'wasm' };
          const lengths = [(await generate('Once', options)).tokenIds.length];
          for (const worker of [true, false]) {
            // A cache of the caller's own asks for neither.
            const pieces = new Map<string, Uint8Array>();
            const cache = {
              read: async (name: string) => pieces.get(name),
              write: async (name: string, bytes: Uint8Array) => void pieces.set(name, bytes.slice()),
              remove: async (name: string) => void pieces.delete(name),
              names: async () => [...pieces.keys()],
            };
            const model = await loadModel(`${url}/fixtures/gpt2-tiny/`, { backend: 'wasm', worker, cache });
            const { backend: _, ...given } = options;
            lengths.push((await model.generate([1, 2, 3], given)).tokenIds.length, pieces.size);
            await model.dispose();
          }
          const cache = await openWeightCache();
          return { origin, isSecureContext, lengths, kept: cache ? 'kept' : (await listCached()).length };
        }, url);
        expect(found, url).toMatchObject({ lengths: [8, 8, expect.any(Number), 8, expect.any(Number)], kept: 0 });
        for (const pieces of [found.lengths[2], found.lengths[4]]) expect(pieces).toBeGreaterThan(6);
        if (url === sandboxed.url) expect(found.origin).toBe('null');
        else expect(found.isSecureContext).toBe(false);
      }
    } finally {
      await Promise.all([sandboxed.close(), plain?.close()]);
    }
    info.annotations.push({
      type: 'plain http',
      description: plain ? plain.url : 'this machine has no address but its own',
    });
  });
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { loadClassifier } from './load-classifier.ts';
import { loadModel } from './load-model.ts';

const load = { backend: 'wasm', dtype: 'f32', worker: false } as const;
const isReason = (reason: unknown) => (error: unknown) => error === reason;

describe('a load that is aborted rejects with the signal’s reason', () => {
  it.each([
    ['the platform’s own', undefined, 'AbortError'],
    ['an error of the caller’s', new RangeError('enough'), 'RangeError'],
    ['null', null, undefined],
    ['a text', 'enough', undefined],
  ])('before it starts: %s', async (_, reason, name) => {
    const abort = new AbortController();
    abort.abort(reason);
    for (const call of [loadModel, loadClassifier]) {
      const thrown = await call('fixtures/gpt2-tiny', { ...load, signal: abort.signal }).then(
        () => 'loaded',
        (error) => error,
      );
      expect(thrown).toBe(abort.signal.reason);
      if (name) expect(thrown.name).toBe(name);
    }
  });

  it('in every stage', async () => {
    for (const stage of ['config', 'download', 'compile', 'ready']) {
      const [abort, reason] = [new AbortController(), new RangeError(`enough of ${stage}`)];
      const onProgress = (progress: { stage: string }) => progress.stage === stage && abort.abort(reason);
      const loading = loadModel('fixtures/gpt2-tiny', { ...load, onProgress, signal: abort.signal });
      expect(await loading.then(() => 'loaded', isReason(reason)), stage).toBe(true);
    }
  });

  it('whenever that is, until it is there', async () => {
    let [turns, loaded] = [0, 0];
    for (; loaded < 3 && turns < 2000; turns++) {
      const [abort, reason] = [new AbortController(), new RangeError('enough')];
      let settled = false;
      const loading = loadModel('fixtures/gpt2-tiny', { ...load, signal: abort.signal }).finally(() => {
        settled = true;
      });
      const outcome = loading.then((model) => model.dispose().then(() => 'loaded'), isReason(reason));
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      const wanted = settled ? 'loaded' : true;
      if (settled) loaded++;
      abort.abort(reason);
      expect(await outcome, `after ${turns} turns of the event loop`).toBe(wanted);
    }
    expect(loaded).toBe(3);
    expect(turns).toBeGreaterThan(10);
  });

  it('at once, also where a server says nothing', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const started = performance.now();
      const signal = AbortSignal.timeout(50);
      const loading = loadModel(`http://127.0.0.1:${port}/model/`, { ...load, cache: false, signal });
      await expect(loading).rejects.toMatchObject({ name: 'TimeoutError' });
      expect(performance.now() - started).toBeLessThan(1000);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

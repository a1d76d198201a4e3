import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { CreateEngineBuilder } from '../backends/engine.ts';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import { startFaultyServer } from '../checkpoint/testing/faulty-server.ts';
import { everyModel } from './every-model.ts';
import { loadCalls } from './load-calls.ts';
import { loadHere } from './load-here.ts';
import { type LoadProgress, resolveLoadOptions } from './load-options.ts';
import { ownSurroundings } from './own-surroundings.ts';

const files = Object.fromEntries(
  ['config.json', 'model.safetensors'].map((name) => [
    name,
    Uint8Array.from(readFileSync(`fixtures/gpt2-tiny/${name}`)),
  ]),
);
const options = resolveLoadOptions({ backend: 'wasm', cache: false });

/** What an abort with this reason rejects with. */
const reasons: [string, unknown[], (error: unknown) => void][] = [
  ['no reason', [], (error) => expect(error).toMatchObject({ name: 'AbortError', constructor: DOMException })],
  ['an error', [new RangeError('enough')], (error) => expect(error).toEqual(new RangeError('enough'))],
  ['a text', ['enough'], (error) => expect(error).toBe('enough')],
];

describe.each(reasons)('a load aborted with %s', (_, reason, check) => {
  async function aborted(stop: AbortController, loading: Promise<unknown>): Promise<void> {
    const error = await loading.then(
      () => expect.fail('it has loaded'),
      (thrown) => thrown,
    );
    check(error);
    expect(stop.signal.aborted && error === stop.signal.reason).toBe(true);
  }

  it('ends before it starts, and asks nothing', async () => {
    await using server = await startFaultyServer(files);
    const stop = new AbortController();
    stop.abort(...reason);
    await aborted(stop, loadHere(server.url, { ...options, signal: stop.signal }));
    expect(server.requests).toEqual([]);
  });

  it.each(['config.json', 'tokenizer.json', 'model.safetensors'])('ends while it waits for %s', async (name) => {
    const stop = new AbortController();
    await using server = await startFaultyServer(files, ({ path }) => {
      if (!path.endsWith(`/${name}`)) return undefined;
      stop.abort(...reason);
      return { kind: 'stall', after: 5 };
    });
    await aborted(stop, loadHere(server.url, { ...options, signal: stop.signal }));
  });

  it.each<[string, (progress: LoadProgress) => boolean]>([
    ['at its first word', () => true],
    ['at 30 %', ({ fraction }) => fraction > 0.3],
    ['while compiling', ({ stage }) => stage === 'compile'],
    ['at its last word', ({ stage }) => stage === 'ready'],
  ])('ends %s', async (_when, is) => {
    await using server = await startFaultyServer(files);
    const stop = new AbortController();
    const onProgress = (progress: LoadProgress): void => {
      if (is(progress)) stop.abort(...reason);
    };
    await aborted(stop, loadHere(server.url, { ...options, signal: stop.signal, onProgress }));
  });

  it('ends at any moment, also where nobody follows its progress', async () => {
    for (let turns = 0; ; turns += 13) {
      const stop = new AbortController();
      const loading = loadHere(files, { ...options, signal: stop.signal });
      const over = vi.fn();
      loading.then(over, () => {});
      for (let turn = 0; turn < turns; turn++) await undefined;
      if (over.mock.calls.length > 0) {
        expect(turns).toBeGreaterThan(50);
        return;
      }
      stop.abort(...reason);
      await aborted(stop, loading);
    }
  });

  it('ends while the engine is made, of which nothing is left', async () => {
    const stop = new AbortController();
    const disposed = vi.fn();
    const wasm: CreateEngineBuilder = async (...of) => {
      const builder = await createWasmEngineBuilder(...of);
      return {
        setTensor: (part) => builder.setTensor(part),
        dispose: () => builder.dispose(),
        async finish() {
          const engine = await builder.finish();
          stop.abort(...reason);
          vi.spyOn(engine, 'dispose').mockImplementation(async () => disposed());
          return engine;
        },
      };
    };
    await aborted(stop, loadCalls(files, { ...options, signal: stop.signal }, everyModel(ownSurroundings(), { wasm })));
    expect(disposed).toHaveBeenCalledOnce();
  });
});

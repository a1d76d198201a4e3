import { afterEach, expect, it, vi } from 'vitest';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import { everyModel } from '../loading/every-model.ts';
import { ownSurroundings } from '../loading/own-surroundings.ts';
import { snapshotTokenizer } from '../tokenizer/snapshot.ts';
import { ModelHost } from './model-host.ts';
import type { Outcome } from './outcome.ts';
import type { ModelInfo, PortMessage } from './protocol.ts';

afterEach(() => vi.restoreAllMocks());

/** What a call on the worker's side of its port comes back with. */
async function call<T>(start: (port: MessagePort) => void): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const outcome = new Promise<Outcome<T>>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<PortMessage<unknown, T>>) => {
      if ('outcome' in data) resolve(data.outcome);
    };
  });
  start(port2);
  const found = await outcome;
  port1.close();
  if ('error' in found) throw new Error(found.error.message);
  return found.value;
}

it('moves logits to the page, and does not copy them', async () => {
  const host = new ModelHost({
    loader: () => everyModel(ownSurroundings(), { wasm: createWasmEngineBuilder }),
    copyTokenizer: snapshotTokenizer,
  });
  await host.hello(undefined as never);
  const options = {
    backend: 'wasm',
    dtype: 'f32',
    contextLength: undefined,
    threads: 1,
    cache: false,
    hub: undefined,
  } as const;
  const { id, config } = await call<ModelInfo>((port) => host.load('fixtures/gpt2-tiny', options, port));
  const post = vi.spyOn(MessagePort.prototype, 'postMessage');
  const logits = [];
  for (const ids of [[1, 2, 3], [4], [1, 2, 3]])
    logits.push(await call<Float32Array>((port) => host.query(id, 'forward', ids, {}, port)));
  const embedding = await call<Float32Array[]>((port) => host.query(id, 'embedBatch', ['x'], {}, port));

  expect(logits.map(({ length }) => length / config.vocabSize)).toEqual([3, 1, 3]);
  expect(logits[2]).toEqual(logits[0]);
  expect(embedding.map(({ length }) => length)).toEqual([config.nEmbd]);
  const moved = post.mock.calls.map(([, list]) => (list as ArrayBuffer[]).map(({ byteLength }) => byteLength));
  expect(moved, 'nothing is left where they were').toEqual([[0], [0], [0], [0]]);
  await call<void>((port) => host.dispose(id, port));
});

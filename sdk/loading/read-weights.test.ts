import { expect, it } from 'vitest';
import type { TensorPart } from '../model/tensor.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { loadHere } from './load-here.ts';
import { fillLoadOptions } from './load-options.ts';

const load = (source: string) => loadHere(source, fillLoadOptions({ backend: 'wasm', threads: 1 }));
const copyOf = (part: TensorPart) => ({ ...part, data: part.data.slice() });

it('reads every weight of a loaded model once more, as its checkpoint has it', async () => {
  const calls = await load('fixtures/gpt2-tiny');
  const read: TensorPart[] = [];
  await calls.readWeights((part) => void read.push(copyOf(part)), new AbortController().signal);
  const wanted: TensorPart[] = [];
  for await (const part of (await openCheckpoint('fixtures/gpt2-tiny')).tensors()) wanted.push(copyOf(part));
  expect(read).toEqual(wanted);
  expect(new Set(read.map(({ name }) => name))).toEqual(new Set(weightShapes(calls.config).map(({ name }) => name)));
  expect((await calls.readFiles()).rawConfig).toMatchObject({ model_type: 'gpt2' });
  expect(Object.keys((await calls.readFiles()).tokenizerFiles)).not.toEqual([]);
  await calls.dispose();
});

it('gives the next part when the one before was taken, and ends with the signal', async () => {
  const calls = await load('fixtures/gpt2-tiny');
  let taking = 0;
  let most = 0;
  const take = async (): Promise<void> => {
    most = Math.max(most, ++taking);
    await new Promise((resolve) => setTimeout(resolve, 1));
    taking--;
  };
  await calls.readWeights(take, new AbortController().signal);
  expect(most).toBe(1);
  const stop = new AbortController();
  const reading = calls.readWeights(() => stop.abort(new Error('enough')), stop.signal);
  await expect(reading).rejects.toThrow('enough');
  await calls.dispose();
  await expect(calls.readWeights(take, new AbortController().signal)).rejects.toMatchObject({ code: 'DISPOSED' });
});

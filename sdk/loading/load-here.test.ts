import { expect, it } from 'vitest';
import { loadHere } from './load-here.ts';
import { type LoadProgress, resolveLoadOptions } from './load-options.ts';

const load = (onProgress: (progress: LoadProgress) => void) =>
  loadHere('fixtures/gpt2-tiny', { ...resolveLoadOptions({ backend: 'wasm' }), onProgress });

it('tells of every stage, and of a fraction that never falls', async () => {
  const told: LoadProgress[] = [];
  const model = await load((progress) => told.push(progress));
  await model.dispose();
  expect([...new Set(told.map(({ stage }) => stage))]).toEqual(['config', 'download', 'compile', 'ready']);
  const fractions = told.map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});

it.each(['config', 'download', 'compile', 'ready'])('ends with what the caller throws at the stage %s', async (at) => {
  const error = new RangeError('no such bar');
  const stages: string[] = [];
  const loading = load(({ stage }) => {
    stages.push(stage);
    if (stage === at) throw error;
  });
  await expect(loading).rejects.toBe(error);
  expect(stages.filter((stage) => stage === at)).toHaveLength(1);
  expect(stages.at(-1)).toBe(at);
});

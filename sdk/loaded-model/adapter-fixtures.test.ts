import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

interface Expected {
  readonly model: string;
  readonly ids: number[];
  readonly positions: number[] | null;
  readonly logits: number[][];
}

// What PyTorch and NumPy compute with an independent reader of PEFT's layout: training/make_adapter_fixtures.py.
describe.each(readdirSync('fixtures/adapters'))('the adapter %s', (name) => {
  const folder = `fixtures/adapters/${name}`;
  const expected: Expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8'));

  // Of a head's few logits nothing can be said of rounding.
  it.each(
    [
      { dtype: 'f32', tolerance: 1e-4 },
      // A share of the logits' spread: the model is rounded, its adapter is not.
      { dtype: 'q8', tolerance: 0.2 },
    ].filter(({ dtype }) => dtype === 'f32' || expected.positions) as { dtype: 'f32' | 'q8'; tolerance: number }[],
  )('gives the logits of the reference in $dtype', async ({ dtype, tolerance }) => {
    const options = resolveLoadOptions({ backend: 'wasm', dtype, threads: 1 });
    const model = await loadModelHere(`fixtures/${expected.model}`, options);
    const adapter = await model.loadAdapter(`./${folder}`);
    expect(adapter).toBe(`./${folder}`);
    const { vocabSize: V } = model.config;
    const logits = expected.positions
      ? await model.forward(expected.ids, { adapter })
      : await model.classifyIds(expected.ids, { adapter });
    const rows = expected.positions?.map((position) => logits.subarray(position * V, (position + 1) * V)) ?? [logits];
    const wanted = expected.logits.flat();
    const found = rows.flatMap((row) => Array.from(row));
    expect(found.length).toBe(wanted.length);
    const spread = Math.hypot(...wanted) / Math.sqrt(wanted.length);
    const differences = found.map((value, i) => Math.abs(value - wanted[i]));
    if (dtype === 'f32') expect(Math.max(...differences)).toBeLessThan(tolerance);
    else expect(Math.hypot(...differences) / Math.sqrt(wanted.length)).toBeLessThan(tolerance * spread);
    await model.dispose();
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ClassificationHead } from '../backends/classification-head.ts';
import { createReferenceEngineBuilder } from '../backends/reference/index.ts';
import type { HeadConfig } from '../model/config.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';

// A checkpoint of each family in the hub's layout, and what it must answer; fixtures/families/README.md says how it was made.
const folder = fileURLToPath(new URL('../../fixtures/families/', import.meta.url));
const cases = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/golden.json`));

/** Logits after some tokens of a text that greedy choice continues, or of a head's labels. */
interface Golden {
  readonly prompt?: readonly number[];
  readonly greedy?: readonly number[];
  readonly positions?: readonly number[];
  readonly logits?: readonly (readonly number[])[];
  readonly rows?: readonly {
    readonly ids: readonly number[];
    readonly logits: readonly (readonly number[] | number)[];
  }[];
}

async function buildReference(checkpoint: Checkpoint) {
  const builder = await createReferenceEngineBuilder(checkpoint.config, { dtype: 'f32' });
  for await (const part of checkpoint.tensors()) await builder.setTensor(part);
  return builder.finish();
}

const goldenOf = (name: string): Golden => JSON.parse(readFileSync(`${folder}${name}/golden.json`, 'utf8'));
const largest = (row: Float32Array): number => row.reduce((best, value, id) => (value > row[best] ? id : best), 0);

describe.each(cases.filter((name) => goldenOf(name).greedy))('%s, by the slow twin', (name) => {
  it('answers as recorded, to 2e-3, and continues the text with the same 100 tokens', async () => {
    const { prompt = [], greedy = [], positions = [], logits = [] } = goldenOf(name);
    const engine = await buildReference(await openCheckpoint(folder + name));
    const ids = Uint32Array.from([...prompt, ...greedy]);
    const { vocabSize } = engine.config;
    const all = (await engine.forward(ids, 0, { logits: 'all' })).logits as Float32Array;
    const rowOf = (position: number): Float32Array => all.subarray(position * vocabSize, (position + 1) * vocabSize);
    positions.forEach((position, i) => {
      const differences = Array.from(rowOf(position), (value, id) => Math.abs(value - logits[i][id]));
      expect(Math.max(...differences), `position ${position}`).toBeLessThan(2e-3);
    });
    const chosen = greedy.map((_, i) => largest(rowOf(prompt.length - 1 + i)));
    expect(chosen).toEqual(greedy);
    expect(greedy).toHaveLength(100);
  });

  it('gives every weight once', async () => {
    const checkpoint = await openCheckpoint(folder + name);
    const rows = new Map<string, number>();
    for await (const part of checkpoint.tensors()) rows.set(part.name, (rows.get(part.name) ?? 0) + part.rows);
    const wanted = weightShapes(checkpoint.config).map((shape): [string, number] => [shape.name, shape.rows]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(wanted));
  });
});

describe.each(cases.filter((name) => goldenOf(name).rows))('%s, by the slow twin', (name) => {
  it('gives the labels the recorded logits, to 2e-3', async () => {
    const checkpoint = await openCheckpoint(folder + name);
    const { config } = checkpoint;
    const { head, padTokenId } = config;
    const classifier = new ClassificationHead(head as HeadConfig, config.nEmbd);
    const builder = await createReferenceEngineBuilder(config, { dtype: 'f32' });
    for await (const part of checkpoint.tensors()) if (!classifier.take(part)) await builder.setTensor(part);
    const engine = await builder.finish();
    for (const { ids, logits } of goldenOf(name).rows ?? []) {
      // The hub labels the last token that is no padding; batches here have none.
      const text = ids.slice(0, ids.findLastIndex((id) => id !== padTokenId) + 1);
      const hidden = (await engine.forward(Uint32Array.from(text), 0, { hidden: 'all' })).hidden as Float32Array;
      const at = (token: number): Float32Array => hidden.subarray(token * config.nEmbd, (token + 1) * config.nEmbd);
      const perToken = head?.kind === 'token-classification';
      const tokens = perToken ? text.map((_, token) => token) : [text.length - 1];
      const wanted = logits.flat();
      const found = tokens.flatMap((token) => [...classifier.logits(at(token))]);
      expect(found).toHaveLength(wanted.length);
      expect(Math.max(...found.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(2e-3);
    }
  });
});

it('every family is there', () => {
  const families = cases.map((name) => JSON.parse(readFileSync(`${folder}${name}/config.json`, 'utf8')).model_type);
  expect(new Set(families).size).toBe(14);
});

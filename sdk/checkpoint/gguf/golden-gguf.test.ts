import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createReferenceEngineBuilder } from '../../backends/reference/index.ts';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import type { Checkpoint } from '../checkpoint.ts';

// The same weights in both formats, and what llama.cpp confirms that they must answer; fixtures/families/README.md.
const folder = fileURLToPath(new URL('../../../fixtures/families/', import.meta.url));
const cases = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/model.gguf`));

interface Golden {
  readonly prompt: readonly number[];
  readonly greedy: readonly number[];
  readonly positions: readonly number[];
  readonly logits: readonly (readonly number[])[];
}

async function logitsOf(checkpoint: Checkpoint, { prompt, greedy }: Golden): Promise<Float32Array> {
  const builder = await createReferenceEngineBuilder(checkpoint.config, { dtype: 'f32' });
  for await (const part of checkpoint.tensors()) await builder.setTensor(part);
  const engine = await builder.finish();
  return (await engine.forward(Uint32Array.from([...prompt, ...greedy]), 0, { logits: 'all' })).logits as Float32Array;
}

describe.each(cases)('%s', (name) => {
  const golden: Golden & { readonly gguf?: Golden } = JSON.parse(readFileSync(`${folder}${name}/golden.json`, 'utf8'));

  it('answers from model.gguf what was recorded, to 2e-3, and what it does from model.safetensors, to 1e-4', async () => {
    // llama.cpp's files do not say all: some mean another model than the hub's.
    const expected = golden.gguf ?? golden;
    const checkpoint = await openCheckpoint(`${folder}${name}/model.gguf`);
    const logits = await logitsOf(checkpoint, expected);
    const { vocabSize } = checkpoint.config;
    for (const [i, position] of expected.positions.entries()) {
      const row = logits.subarray(position * vocabSize, (position + 1) * vocabSize);
      const worst = row.reduce((most, value, id) => Math.max(most, Math.abs(value - expected.logits[i][id])), 0);
      expect(worst, `position ${position}`).toBeLessThan(2e-3);
    }
    if (golden.gguf) return;
    const others = await logitsOf(await openCheckpoint(folder + name), golden);
    expect(logits.reduce((most, value, i) => Math.max(most, Math.abs(value - others[i])), 0)).toBeLessThan(1e-4);
  });
});

it('files of every architecture are there', () => expect(cases.length).toBeGreaterThan(13));

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { weightShapes } from '../model/weight-shapes.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';

// Checkpoints that the hub's own code saved; see ../shared/data/README.md. A user's machine has no such folder.
const folder = fileURLToPath(new URL('../../../shared/data/golden/hub/', import.meta.url));
const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const casesIn = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => existsSync(`${path}${entry.name}/config.json`))
        .map(({ name }) => name)
    : [];

async function givesEveryWeightOnce(path: string): Promise<void> {
  const checkpoint = await openCheckpoint(path);
  const rows = new Map<string, number>();
  for await (const part of checkpoint.tensors()) {
    rows.set(part.name, (rows.get(part.name) ?? 0) + part.rows);
    const last = (part.rows - 1) * part.rowStride + (part.columns - 1) * part.columnStride;
    expect(last).toBe(part.data.length - 1);
    expect(part.data.every(Number.isFinite)).toBe(true);
  }
  const given = weightShapes(checkpoint.config).filter((shape) => rows.has(shape.name) || !shape.biasOf);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(given.map((shape) => [shape.name, shape.rows])));
}

describe('checkpoints of the repository (fixtures/)', () => {
  it.each(casesIn(fixtures))('%s opens and gives every weight once', (name) => givesEveryWeightOnce(fixtures + name));

  it('are all there', () => expect(casesIn(fixtures).length).toBeGreaterThan(10));
});

describe.skipIf(casesIn(folder).length === 0)('checkpoints saved by the hub (../shared/data/golden/hub)', () => {
  it.each(casesIn(folder))('%s opens and gives every weight once', (name) => givesEveryWeightOnce(folder + name));

  it('reads the configs as the hub means them', async () => {
    const { config: gpt2 } = await openCheckpoint(`${folder}gpt2-inverse-layer-scale`);
    expect(gpt2.attentionScale).toEqual([1, 2, 3].map((layer) => 1 / Math.sqrt(gpt2.nEmbd / gpt2.nHead) / layer));
    const { config: neo } = await openCheckpoint(`${folder}gpt-neo`);
    expect(neo).toMatchObject({ attentionWindow: [0, 16], attentionScale: [1, 1], nInner: 128, eosTokenIds: [119] });
    const { config: gpt } = await openCheckpoint(`${folder}gpt1-sequence-classification`);
    expect(gpt).toMatchObject({
      architecture: 'gpt',
      activation: 'gelu_new',
      normPlacement: 'post',
      finalNorm: false,
      nHead: 3,
    });
    expect(gpt.head).toEqual({
      kind: 'sequence-classification',
      labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'],
      bias: false,
    });
  });

  it('gives the bytes of the file, transposed where Conv1D stored them so', async () => {
    const file = readFileSync(`${folder}gpt2/model.safetensors`);
    const headerBytes = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString('utf8', 8, 8 + headerBytes));
    const { shape, data_offsets: offsets } = header['transformer.h.1.mlp.c_fc.weight'];
    const checkpoint = await openCheckpoint(new URL(`file://${folder}gpt2/`));
    for await (const part of checkpoint.tensors()) {
      if (part.name !== 'blocks.1.mlp.up.weight') continue;
      expect([part.columns, part.rows]).toEqual(shape);
      for (const [row, column] of [
        [0, 0],
        [3, 1],
        [part.rows - 1, part.columns - 1],
      ]) {
        const stored = file.readFloatLE(8 + headerBytes + offsets[0] + 4 * (column * part.rows + row));
        expect(part.data[row * part.rowStride + column * part.columnStride]).toBe(stored);
      }
    }
  });
});

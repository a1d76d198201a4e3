import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../backends/engine.ts';
import { createReferenceEngineBuilder } from '../backends/reference/index.ts';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import { quantiseTensor } from '../backends/wasm/testing/quantise-twin.ts';
import { quantize } from '../cli/quantize.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import type { Dtype } from '../model/dtype.ts';
import { type WeightShape, weightShapes } from '../model/weight-shapes.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { collectTensors } from './testing/collect-tensors.ts';
import { editedFixture } from './testing/edited-fixture.ts';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gptlet-quantised-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function quantised(name: string, dtype: string): Promise<string> {
  const out = join(folder, `${name}-${dtype}`);
  await quantize([fixture(name), '--dtype', dtype, '--out', out]);
  return out;
}

async function engineOf(source: string, dtype: Dtype, create = createWasmEngineBuilder): Promise<Engine> {
  const checkpoint = await openCheckpoint(source);
  const builder = await create({ ...checkpoint.config, head: undefined }, { dtype });
  for await (const part of checkpoint.tensors()) if (!part.name.startsWith('score.')) await builder.setTensor(part);
  return builder.finish();
}

const logits = async (engine: Engine, ids: number[]): Promise<Float32Array> =>
  (await engine.forward(Uint32Array.from(ids), 0, { logits: 'all' })).logits as Float32Array;

const idsOf = (name: string): number[] => JSON.parse(readFileSync(join(fixture(name), 'expected.json'), 'utf8')).ids;

// Every family, odd widths, an untied head, half-precision sources, two shards.
const cases = ['gpt2-tiny', 'gpt2-nhead3-nctx77', 'gpt2-odd', 'gpt2-untied-eps', 'gpt2-bf16', 'gpt2-sharded'];

// Of which files hold weights in pieces, in another order, or otherwise than they are meant.
const families = ['qwen2', 'gemma3', 'lfm2', 'phi3', 'gpt_neox', 'gptj'].map((name) => `families/${name}`);

describe.each(['q8', 'q4'] as const)('a file of gptlet quantize, %s', (dtype) => {
  it.each([...cases, 'gpt1-tiny', 'gpt-neo-tiny'])(
    '%s gives the bits that quantising on load gives, and no float copy is made',
    async (name) => {
      const file = await quantised(name, dtype);
      const checkpoint = await openCheckpoint(file);
      expect(checkpoint.dtype).toBe(dtype);
      const builder = await createWasmEngineBuilder(checkpoint.config, { dtype });
      for await (const part of checkpoint.tensors()) {
        const data = part.quantised && vi.fn(() => new Float32Array(0));
        await builder.setTensor(data ? Object.defineProperty({ ...part }, 'data', { get: data }) : part);
        expect(data?.mock.calls ?? []).toEqual([]);
      }
      const ids = idsOf(name);
      const wanted = await logits(await engineOf(fixture(name), dtype), ids);
      expect(await logits(await builder.finish(), ids)).toEqual(wanted);
    },
  );

  it.each(['gpt2-odd', 'gpt-neo-tiny'])('%s: its floats are what the slow twin rounds to', async (name) => {
    const file = await collectTensors(await openCheckpoint(await quantised(name, dtype)));
    const given = await openCheckpoint(fixture(name));
    for (const [tensor, values] of await collectTensors(given)) {
      const { rows, columns } = weightShapes(given.config).find((shape) => shape.name === tensor) as WeightShape;
      const place = { name: tensor, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1 };
      const rounded = quantiseTensor({ ...place, data: Float32Array.from(values) }, dtype).data;
      expect(file.get(tensor), tensor).toEqual(Array.from(rounded));
    }
    expect(file.size).toBe(weightShapes(given.config).length);
  });

  it.each(families)('%s: has every weight in its place, to the largest step', async (name) => {
    const file = await collectTensors(await openCheckpoint(await quantised(name, dtype)));
    const given = await openCheckpoint(fixture(name));
    // Half a step of 127; a q4 whose largest weight is positive clips the others at 7 of 8.
    const share = dtype === 'q8' ? 1 / 127 / 2 : 1 / 8;
    for (const [tensor, values] of await collectTensors(given)) {
      const { isExact } = weightShapes(given.config).find((shape) => shape.name === tensor) as WeightShape;
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const found = file.get(tensor) as number[];
      const difference = values.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0);
      // Scales are rounded to bf16, by 1/256 at most.
      expect(difference, tensor).toBeLessThanOrEqual(isExact ? 0 : largest * share * (1 + 1 / 128));
    }
    expect(file.size).toBe(weightShapes(given.config).length);
  });

  it('runs as f32 and on an engine that knows no integers, to 1e-4', async () => {
    const file = await quantised('gpt2-odd', dtype);
    const ids = idsOf('gpt2-odd');
    const f32 = await logits(await engineOf(file, 'f32'), ids);
    const plain = await logits(await engineOf(file, 'f32', createReferenceEngineBuilder), ids);
    expect(f32.reduce((most, x, i) => Math.max(most, Math.abs(x - plain[i])), 0)).toBeLessThan(1e-4);
  });

  it.each(['gpt2-classifier', 'gpt-neo-classifier'])('%s keeps its head as it was', async (name) => {
    const load = (source: string) =>
      loadModelHere(source, { ...resolveLoadOptions({ backend: 'wasm', dtype, cache: false }) });
    const [fromFile, onLoad] = [await load(await quantised(name, dtype)), await load(fixture(name))];
    const ids = [1, 2, 3, 4, 5];
    expect(await fromFile.classifyIds(ids)).toEqual(await onLoad.classifyIds(ids));
  });

  it.each(['gpt2-tiny', 'gpt-neo-tiny'])('holds what a training without biases like %s gave', async (name) => {
    const out = join(folder, `${name}-unbiased-${dtype}`);
    const source = mkdtempSync(join(folder, 'unbiased-'));
    const files = editedFixture(name, (tensors) => {
      for (const key of [...tensors.keys()]) if (key.endsWith('.bias')) tensors.delete(key);
    });
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(source, file), bytes);
    await quantize([source, '--dtype', dtype, '--out', out]);
    const ids = idsOf(name);
    expect(await logits(await engineOf(out, dtype), ids)).toEqual(await logits(await engineOf(source, dtype), ids));
  });

  it('is loaded in its own dtype unless told otherwise', async () => {
    const source = await quantised('gpt2-tiny', dtype);
    const load = (wanted?: 'f32' | 'q8' | 'q4') =>
      loadModelHere(source, resolveLoadOptions({ backend: 'wasm', cache: false, dtype: wanted }));
    expect((await load()).dtype).toBe(dtype);
    expect((await load('f32')).dtype).toBe('f32');
  });
});

describe('a quantised file that is not sound', () => {
  type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };
  type Header = Record<string, Entry> & { __metadata__?: unknown };

  /** The file with its header, or its data, changed. */
  async function changed(change: (header: Header, data: Buffer) => void): Promise<string> {
    const path = join(await quantised('gpt2-tiny', 'q8'), 'model.safetensors');
    const bytes = readFileSync(path);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Header;
    const data = bytes.subarray(8 + length);
    change(header, data);
    const text = Buffer.from(JSON.stringify(header));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(text.length));
    writeFileSync(path, Buffer.concat([prefix, text, data]));
    return join(path, '..');
  }
  const rename = (header: Header, from: string, to: string): void => {
    header[to] = header[from];
    delete header[from];
  };

  it.each<[string, (header: Header, data: Buffer) => void, RegExp]>([
    [
      'lacks scales',
      (header) => rename(header, 'tokenEmbedding.scales', 'x'),
      /lacks the tensor 'tokenEmbedding.scales'/,
    ],
    ['lacks a norm', (header) => rename(header, 'finalNorm.bias', 'x'), /lacks the tensor 'finalNorm.bias', F32 \[1, /],
    [
      'lacks the bias of one layer',
      (header) => rename(header, 'blocks.1.mlp.up.bias', 'x'),
      /lacks the tensor 'blocks.1.mlp.up.bias', F32 \[1, /,
    ],
    [
      'has integers of the wrong type',
      (header) => (header.tokenEmbedding.dtype = 'U8'),
      /'tokenEmbedding' as U8 .* asks for I8/,
    ],
    [
      'has another shape',
      (header) => header.tokenEmbedding.shape.reverse(),
      /'tokenEmbedding' as I8 .* config.json asks for/,
    ],
    [
      'is of a later version',
      (header) => (header.__metadata__ = { format: 'gptlet', version: '2', dtype: 'q8' }),
      /version "2"/,
    ],
    [
      'is of an unknown dtype',
      (header) => (header.__metadata__ = { format: 'gptlet', version: '1', dtype: 'q2' }),
      /dtype "q2"/,
    ],
    [
      'says another dtype',
      (header) => (header.__metadata__ = { format: 'gptlet', version: '1', dtype: 'q4' }),
      /asks for U8/,
    ],
    [
      'holds a scale that is no number',
      (header, data) => data.writeUInt16LE(0x7fc0, header['blocks.0.mlp.up.weight.scales'].data_offsets[0] + 2),
      /blocks.0.mlp.up.weight.scales holds a scale that is not finite, at row 1/,
    ],
  ])('because it %s is refused', async (_, change, message) => {
    const opening = async () => {
      const checkpoint = await openCheckpoint(await changed(change));
      for await (const _part of checkpoint.tensors());
    };
    await expect(opening()).rejects.toMatchObject({ code: 'BAD_CHECKPOINT', message: expect.stringMatching(message) });
  });
});

describe('gptlet quantize', () => {
  it.each<[string, string[], RegExp]>([
    ['no model', ['--out', 'x'], /Give one model to quantise; 0 were given/],
    ['an unknown dtype', ['m', '--dtype', 'q5', '--out', 'x'], /--dtype is 'q5'/],
    ['no place to write to', ['m'], /--out is missing/],
    ['its own directory', ['m', '--out', './m'], /the model's own directory/],
    ['an unknown option', ['m', '--bits', '4'], /--bits/],
  ])('refuses %s', async (_, args, message) => {
    await expect(quantize(args)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  it('refuses what is quantised already', async () => {
    const file = await quantised('gpt2-tiny', 'q8');
    await expect(quantize([file, '--out', join(folder, 'again')])).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('quantised to q8 already'),
    });
  });

  it('copies config.json and the files of the tokenizer', async () => {
    const file = await quantised('gpt2-tiny', 'q8');
    for (const name of [
      'config.json',
      'vocab.json',
      'merges.txt',
      'tokenizer_config.json',
      'special_tokens_map.json',
    ]) {
      expect(readFileSync(join(file, name))).toEqual(readFileSync(join(fixture('gpt2-tiny'), name)));
    }
  });
});

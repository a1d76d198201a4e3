import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import type { SourceFile } from '../../checkpoint/sources/file-source.ts';
import { nodeDirectory } from '../../checkpoint/sources/node-directory.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { createTokenizer } from '../../tokenizer.ts';
import { embeddedCheckpoint } from './embedded-checkpoint.ts';
import { embeddedTokenizer } from './embedded-tokenizer.ts';

const folder = 'models/default';
const file = async (name: string): Promise<SourceFile> =>
  (await (await nodeDirectory(folder)).open(name)) as SourceFile;

function inMemory(bytes: Uint8Array): SourceFile {
  return {
    location: 'the file given',
    size: bytes.length,
    async *stream(start, end = bytes.length) {
      yield bytes.subarray(start, end);
    },
  };
}

/** All parts, the values of each as one checksum; without what their file calls them, which is for messages alone. */
async function tensorsOf(checkpoint: Checkpoint): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const { data, origin: _, ...part } of checkpoint.tensors()) parts.push({ ...part, values: sum(data) });
  return parts;
}

const sum = (data: TensorPart['data']): number => data.reduce((total, value, i) => total + value * ((i % 97) + 1), 0);

describe('the embedded model, as its worker knows it without reading its small files', () => {
  it('is what opening its folder gives: config, defaults and every weight', async () => {
    const known = await embeddedCheckpoint(await file('model.safetensors'));
    const read = await openCheckpoint(folder);
    expect(known.config).toEqual(JSON.parse(JSON.stringify(read.config)));
    expect(known.generationDefaults).toEqual(read.generationDefaults);
    expect([known.dtype, known.totalBytes]).toEqual([read.dtype, read.totalBytes]);
    const tensors = await tensorsOf(known);
    expect(tensors.length).toBeGreaterThan(70);
    expect(tensors).toEqual(await tensorsOf(read));
  });

  it('has the tokenizer that its files make', async () => {
    const known = await embeddedTokenizer(await file('tokenizer.json'));
    const read = await createTokenizer({ 'tokenizer.json': readFileSync(`${folder}/tokenizer.json`) });
    expect(known.vocabSize).toBe(read.vocabSize);
    const text = 'Once upon a time, “Ünïcode” 東京 🦊<|endoftext|><|start|>  the end\n';
    expect(known.encode(text)).toEqual(read.encode(text));
    expect(known.kind).toBe(read.kind);
  });

  it('refuses weights of another version, cut short, or something else', async () => {
    const bytes = new Uint8Array(readFileSync(`${folder}/model.safetensors`));
    const other = bytes.slice();
    other[100] ^= 1;
    for (const wrong of [other, bytes.subarray(0, -2), new TextEncoder().encode('<!doctype html>')]) {
      await expect(embeddedCheckpoint(inMemory(wrong))).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
    }
  });

  it('refuses a tokenizer of another version or something else', async () => {
    const json = JSON.parse(readFileSync(`${folder}/tokenizer.json`, 'utf8'));
    delete json.model.vocab['!'];
    for (const wrong of [JSON.stringify(json), '{}', '<!doctype html>']) {
      await expect(embeddedTokenizer(inMemory(new TextEncoder().encode(wrong)))).rejects.toMatchObject({
        code: 'BAD_TOKENIZER',
      });
    }
  });
});

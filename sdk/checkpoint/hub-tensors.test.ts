import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../model/families/read-config.ts';
import { readLaterConfig } from '../model/families/read-later-config.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { encodeSafetensors } from './encode-safetensors.ts';
import { hubTensors } from './hub-tensors.ts';
import { collectTensors, digestTensors } from './testing/collect-tensors.ts';

const families = readdirSync('fixtures/families').filter((name) => name !== 'make' && name !== 'README.md');
const folders = [
  ...families.map((name) => `families/${name}`),
  ...['gpt1-tiny', 'gpt2-tiny', 'gpt-neo-tiny', 'gpt2-classifier', 'gpt2-double-heads-classifier', 'gpt2-untied-eps'],
];

/** What a safetensors file says of its tensors. */
function headerOf(file: Uint8Array): Record<string, { shape: number[] }> {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const { __metadata__, ...tensors } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return tensors;
}

describe('hubTensors', () => {
  it.each(folders)('writes %s as it was', async (folder) => {
    const config = readFileSync(`fixtures/${folder}/config.json`);
    const raw = JSON.parse(config.toString());
    const before = await openCheckpoint(`fixtures/${folder}`);
    const weights = await collectTensors(before);
    const read = readConfig(raw) ?? (await readLaterConfig(raw));
    const zeros = (length: number): Float32Array => new Float32Array(length);
    const tensors = hubTensors(read.config, read.family, (name) => Float32Array.from(weights.get(name) ?? zeros(4096)));
    const file = encodeSafetensors(tensors);
    const after = await openCheckpoint({ 'config.json': config, 'model.safetensors': file });
    const [expected, found] = [await digestTensors(before), await digestTensors(after)];
    // Biases that a training did without are written as the zeros that they count as.
    expect([...expected].filter(([name, digest]) => found.get(name) !== digest)).toEqual([]);
    const original = readFileSync(`fixtures/${folder}/model.safetensors`);
    const [was, is] = [headerOf(original), headerOf(file)];
    for (const [name, { shape }] of Object.entries(is)) if (was[name]) expect(shape, name).toEqual(was[name].shape);
    expect(Object.keys(is).filter((name) => !was[name]).length).toBe(0);
  });
});

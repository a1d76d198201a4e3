import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { collectTensors } from './testing/collect-tensors.ts';

const folder = fileURLToPath(new URL('./testing/pytorch/', import.meta.url));

/** The rule by which make_pytorch_fixtures.py fills the k-th tensor. */
const value = (k: number, i: number): number => (((7 * k + i) % 61) - 30) / 8;

describe('pytorch_model.bin, saved by torch', () => {
  it.each(['tied', 'legacy', 'shared-f16', 'views-bf16'])(
    '%s: every weight has the values that were saved',
    async (name) => {
      const tensors = await collectTensors(await openCheckpoint(folder + name));
      const [c, v] = [4, 11];
      expect(tensors.get('tokenEmbedding')).toEqual(Array.from({ length: v * c }, (_, i) => value(0, i)));
      expect(tensors.get('blocks.0.attention.qkv.bias')).toEqual(Array.from({ length: 3 * c }, (_, i) => value(5, i)));
      // Conv1D: element (input, output) of the file is element (output, input) here.
      const transposed = (k: number, outputs: number, inputs: number): number[] =>
        Array.from({ length: outputs * inputs }, (_, i) => value(k, (i % inputs) * outputs + Math.floor(i / inputs)));
      expect(tensors.get('blocks.0.attention.qkv.weight')).toEqual(transposed(4, 3 * c, c));
      expect(tensors.get('blocks.0.mlp.down.weight')).toEqual(transposed(12, c, 16));
      expect(tensors.get('finalNorm.bias')).toEqual(Array.from({ length: c }, (_, i) => value(15, i)));
      expect(tensors.get('head.weight')).toEqual(name === 'shared-f16' ? tensors.get('tokenEmbedding') : undefined);
    },
  );

  it('refuses a pickle that calls anything but tensors, and runs nothing', async () => {
    await expect(openCheckpoint(`${folder}evil`)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringMatching(/'posix\.system'.*never run/),
    });
  });

  it.each(['tied', 'legacy'])('%s: refuses a file cut short at any place', async (name) => {
    const config = readFileSync(`${folder}${name}/config.json`);
    const bytes = readFileSync(`${folder}${name}/pytorch_model.bin`);
    for (let length = 0; length < bytes.length; length += 97) {
      const files = { 'config.json': config, 'pytorch_model.bin': new Uint8Array(bytes.subarray(0, length)) };
      await expect(openCheckpoint(files)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
    }
  });
});

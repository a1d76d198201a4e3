import { describe, expect, it } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { editedFixture, type FileTensor } from './testing/edited-fixture.ts';

/** Writes `value` at an index of an F32 tensor. */
function put(tensor: FileTensor, index: readonly number[], value: number): void {
  tensor.bytes = tensor.bytes.slice();
  const at = index.reduce((sum, i, axis) => sum * tensor.shape[axis] + i, 0);
  new DataView(tensor.bytes.buffer).setFloat32(4 * at, value, true);
}

describe('a weight that is no number', () => {
  it.each<[string, string, number[], string]>([
    ['gpt2-tiny', 'transformer.h.1.mlp.c_fc.weight', [3, 17], 'row 3, column 17'],
    ['gpt2-tiny', 'transformer.wte.weight', [7, 2], 'row 7, column 2'],
    ['gpt2-tiny', 'transformer.ln_f.bias', [5], 'row 0, column 5'],
    ['gpt1-tiny', 'transformer.h.0.attn.c_attn.weight', [2, 40], 'row 2, column 40'],
    ['gpt-neo-tiny', 'transformer.h.1.attn.attention.k_proj.weight', [4, 6], 'row 4, column 6'],
    ['gpt-neo-multi-label-classifier', 'score.weight', [1, 3], 'row 1, column 3'],
  ])('%s: is named as its file names it, %s%j', async (fixture, name, index, where) => {
    for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const files = editedFixture(fixture, (tensors) => put(tensors.get(name)!, index, value));
      for (const dtype of ['f32', 'q8', 'q4'] as const) {
        await expect(loadModelHere(files, resolveLoadOptions({ backend: 'wasm', dtype }))).rejects.toMatchObject({
          code: 'BAD_CHECKPOINT',
          message: expect.stringContaining(`${name} holds ${value} at ${where}.`),
        });
      }
    }
  });
});

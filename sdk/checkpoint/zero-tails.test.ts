import { expect, it, vi } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { editedFixture } from './testing/edited-fixture.ts';

/**
 * A fixture, its tensors in the order in which the hub's library writes them, of which the last bytes never came, into a
 * file that had its full size from the start.
 */
function zeroTailed(fixture: string, bytes: number) {
  const files = editedFixture(fixture, (tensors) => {
    const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
    tensors.clear();
    for (const [name, tensor] of sorted) tensors.set(name, tensor);
  });
  if (bytes > 0) files['model.safetensors'].fill(0, -bytes);
  return files;
}

const load = async (source: Parameters<typeof loadModelHere>[0], dtype: 'f32' | 'q8' = 'f32') => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  try {
    await (await loadModelHere(source, resolveLoadOptions({ backend: 'wasm', dtype }))).dispose();
    return warn.mock.calls.map(([message]) => message);
  } finally {
    warn.mockRestore();
  }
};

it.each(['gpt2-tiny', 'gpt1-tiny', 'gpt-neo-tiny', 'gpt2-f16', 'gpt2-bf16'])(
  '%s is refused where the embedding of tokens, or a norm, is nothing but zeros, and doubted where its last row is',
  async (fixture) => {
    const { length } = zeroTailed(fixture, 0)['model.safetensors'];
    const embedding = fixture.startsWith('gpt1') ? 'tokens_embed' : 'wte';
    for (const share of [0.6, 0.9]) {
      await expect(load(zeroTailed(fixture, Math.floor(length * share)))).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
        message: expect.stringMatching(/^model\.safetensors: 'transformer\.\S+' holds nothing but zeros/),
      });
    }
    for (const dtype of ['f32', 'q8'] as const) {
      expect(await load(zeroTailed(fixture, 500), dtype)).toEqual([
        expect.stringContaining(`gptlet: model.safetensors: 'transformer.${embedding}.weight' ends in zeros`),
      ]);
      expect(await load(zeroTailed(fixture, 4), dtype)).toEqual([]);
    }
    expect(await load(zeroTailed(fixture, 0))).toEqual([]);
    expect(await load(`fixtures/${fixture}`)).toEqual([]);
  },
);

it('biases may be zero, and a matrix in the middle', async () => {
  const files = editedFixture('gpt2-tiny', (tensors) => {
    for (const [name, { bytes }] of tensors) if (/\.bias$|h\.1\.mlp\.c_proj\.weight$/.test(name)) bytes.fill(0);
  });
  expect(await load(files)).toEqual([]);
});

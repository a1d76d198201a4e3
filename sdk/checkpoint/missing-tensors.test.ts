import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importOnDemand } from '../loading/import-on-demand.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { openCheckpoint as openWith } from './open-checkpoint.ts';
import { readPytorchTensors } from './pytorch-file.ts';
import { nodeDirectory } from './sources/node-directory.ts';
import { editedFixture, renameTensors } from './testing/edited-fixture.ts';
import { largestDifference, logitsOf } from './testing/fixture-logits.ts';

// A family each, with a head of each kind besides.
const fixtures = [
  'gpt1-tiny',
  'gpt2-tiny',
  'gpt-neo-tiny',
  'gpt2-untied-eps',
  'gpt1-entailment-classifier',
  'gpt2-double-heads-classifier',
  'gpt-neo-multi-label-classifier',
  ...['llama', 'qwen2', 'gemma3', 'lfm2', 'phi3', 'gpt_neox', 'gptj', 'qwen2-classifier'].map(
    (name) => `families/${name}`,
  ),
];

/** Of its weights: without the buffers that older code saved. */
function tensorNames(fixture: string): string[] {
  const names: string[] = [];
  editedFixture(fixture, (tensors) => names.push(...tensors.keys()));
  return names.filter((name) => !/\.attn\.(masked_)?bias$|\.inv_freq$/.test(name));
}

const refusal = (name: string) => ({
  code: 'BAD_CHECKPOINT',
  message: expect.stringContaining(`there is no tensor '${name}'`),
});

describe.each(fixtures)('a checkpoint like %s', (fixture) => {
  it('is refused without any one of its tensors, which is named as the file would name it', async () => {
    for (const name of tensorNames(fixture)) {
      for (const prefix of ['', 'module.']) {
        const files = editedFixture(fixture, (tensors) => {
          tensors.delete(name);
          renameTensors(tensors, (other) => prefix + other);
        });
        await expect(openCheckpoint(files), name).rejects.toMatchObject(refusal(prefix + name));
      }
      const bare = (full: string): string => full.replace(/^(transformer|model|gpt_neox)\./, '');
      const files = editedFixture(fixture, (tensors) => {
        tensors.delete(name);
        renameTensors(tensors, bare);
      });
      await expect(openCheckpoint(files), name).rejects.toMatchObject(refusal(bare(name)));
    }
  });

  it('is refused with a tensor of another shape, or more than it has, named as the file names it', async () => {
    for (const name of tensorNames(fixture)) {
      const reshaped = editedFixture(fixture, (tensors) => {
        const tensor = tensors.get(name)!;
        tensor.shape = [...tensor.shape, 1];
      });
      await expect(openCheckpoint(reshaped), name).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
        message: expect.stringContaining(`'${name}' of shape`),
      });
    }
    const extra = (tensorNames(fixture).find((name) => name.includes('.0.')) as string).replace(
      /\.0\..*/,
      '.0.extra.weight',
    );
    const more = editedFixture(fixture, (tensors) => {
      tensors.set(extra, [...tensors.values()][0]);
    });
    await expect(openCheckpoint(more)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining(`'${extra}'`),
    });
  });
});

const isBias = (name: string): boolean => name.endsWith('.bias');
const isNorm = (name: string): boolean => /\.ln_\w+\.\w+$/.test(name);

describe.each(['gpt1-tiny', 'gpt2-tiny', 'gpt-neo-tiny'])('a training without biases, %s', (fixture) => {
  it.each<[string, (name: string) => boolean]>([
    ['no bias at all', isBias],
    ['none of linear layers', (name) => isBias(name) && !isNorm(name)],
    ['none of norms', (name) => isBias(name) && isNorm(name)],
  ])('loads with %s, as with zeros', async (_, left) => {
    const without = editedFixture(fixture, (tensors) => {
      for (const name of tensorNames(fixture).filter(left)) tensors.delete(name);
    });
    const zeros = editedFixture(fixture, (tensors) => {
      for (const [name, tensor] of tensors) if (left(name)) tensor.bytes = new Uint8Array(tensor.bytes.length);
    });
    expect(await logitsOf(without, fixture)).toEqual(await logitsOf(zeros, fixture));
    expect(
      largestDifference(
        await logitsOf(without, fixture),
        await logitsOf(
          editedFixture(fixture, () => {}),
          fixture,
        ),
      ),
    ).toBeGreaterThan(0.01);
  });

  it('is refused where a part of the biases is missing, in one layer or in all', async () => {
    for (const kind of ['attn.c_proj', 'mlp.c_fc', 'mlp.c_proj', 'ln_1', 'ln_2']) {
      const module = fixture === 'gpt-neo-tiny' ? kind.replace('attn.c_proj', 'attn.attention.out_proj') : kind;
      const files = editedFixture(fixture, (tensors) => {
        for (const name of tensors.keys()) if (name.endsWith(`${module}.bias`)) tensors.delete(name);
      });
      await expect(openCheckpoint(files)).rejects.toMatchObject(refusal(`transformer.h.0.${module}.bias`));
    }
  });
});

describe('a torch file', () => {
  const folder = fileURLToPath(new URL('./testing/pytorch/tied', import.meta.url));
  const openWithout = async (left: RegExp) =>
    openWith(await nodeDirectory(folder), {
      ...importOnDemand,
      readTorchTensors: async (...of) => (await readPytorchTensors(...of)).filter(({ name }) => !left.test(name)),
    });

  it('is refused without one of its biases, and loads without all of them', async () => {
    await expect(openWithout(/^transformer\.h\.0\.attn\.c_attn\.bias$/)).rejects.toMatchObject(
      refusal('transformer.h.0.attn.c_attn.bias'),
    );
    expect((await openWithout(/\.bias$/)).config.nLayer).toBe(1);
  });
});

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importOnDemand } from '../loading/import-on-demand.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { openCheckpoint as openWith } from './open-checkpoint.ts';
import { readPytorchTensors } from './pytorch-file.ts';
import { nodeDirectory } from './sources/node-directory.ts';
import { collectTensors } from './testing/collect-tensors.ts';
import { editedFixture, renameTensors } from './testing/edited-fixture.ts';
import { largestDifference, logitsOf, recordedLogits } from './testing/fixture-logits.ts';

const prefixes = [
  'module.',
  '_orig_mod.',
  'model.',
  'module._orig_mod.',
  '_orig_mod.module.',
  'model._orig_mod.module.',
];
/** Of a family whose own prefix looks like a wrapper's, too, and of one with another. */
const later = ['llama2', 'qwen2', 'gpt_neox', 'gptj', 'qwen2-classifier'].map((name) => `families/${name}`);
const embeddings = { 'gpt1-tiny': 'tokens_embed.weight', 'gpt2-tiny': 'wte.weight', 'gpt-neo-tiny': 'wte.weight' };

describe.each(Object.entries(embeddings))('%s', (fixture, embedding) => {
  it.each(prefixes)('answers the same with all names under %s', async (prefix) => {
    for (const inner of [(name: string) => name, (name: string) => name.replace('transformer.', '')]) {
      const files = editedFixture(fixture, (tensors) => renameTensors(tensors, (name) => prefix + inner(name)));
      expect(largestDifference(await logitsOf(files, fixture), recordedLogits(fixture))).toBeLessThan(1e-4);
    }
  });

  it.each(['', ...prefixes])(
    'answers the same where lm_head.weight alone was saved of the tied pair, under %j',
    async (prefix) => {
      const files = editedFixture(fixture, (tensors) =>
        renameTensors(tensors, (name) => prefix + (name === `transformer.${embedding}` ? 'lm_head.weight' : name)),
      );
      expect(largestDifference(await logitsOf(files, fixture), recordedLogits(fixture))).toBeLessThan(1e-4);
    },
  );

  it('is refused where not all names begin alike', async () => {
    for (const rename of [
      (name: string) => (name.endsWith(embedding) ? name : `module.${name}`),
      (name: string) => (name.endsWith(embedding) ? `module.${name}` : name),
      (name: string) => (name.endsWith(embedding) ? `module.${name}` : `_orig_mod.${name}`),
    ]) {
      const files = editedFixture(fixture, (tensors) => renameTensors(tensors, rename));
      await expect(openCheckpoint(files)).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
        message: expect.stringMatching(
          /'[\w.]*embed\.weight'.*do not begin alike|'[\w.]*wte\.weight'.*do not begin alike/,
        ),
      });
    }
  });

  it('is refused under a name that is no known prefix', async () => {
    const files = editedFixture(fixture, (tensors) => renameTensors(tensors, (name) => `encoder.${name}`));
    await expect(openCheckpoint(files)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining(`'encoder.transformer.${embedding}'`),
    });
  });

  it('is refused where lm_head.weight alone was saved, but config.json says that it is not tied', async () => {
    const files = editedFixture(fixture, (tensors, config) => {
      renameTensors(tensors, (name) => (name === `transformer.${embedding}` ? 'lm_head.weight' : name));
      config.tie_word_embeddings = false;
    });
    await expect(openCheckpoint(files)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining(`there is no tensor 'transformer.${embedding}'`),
    });
  });
});

describe.each(later)('%s', (fixture) => {
  const body = /^(model|transformer|gpt_neox)\./;

  it.each(['', ...prefixes])('gives the same weights under %j, and without its own prefix', async (prefix) => {
    const plain = await collectTensors(await openCheckpoint(editedFixture(fixture, () => {})));
    for (const inner of [(name: string) => name, (name: string) => name.replace(body, '')]) {
      const files = editedFixture(fixture, (tensors) => renameTensors(tensors, (name) => prefix + inner(name)));
      expect(await collectTensors(await openCheckpoint(files))).toEqual(plain);
    }
  });

  it('is refused where not all names begin alike', async () => {
    const files = editedFixture(fixture, (tensors) =>
      renameTensors(tensors, (name) => (name.includes('.1.') ? `module.${name}` : name)),
    );
    await expect(openCheckpoint(files)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringMatching(/do not begin alike/),
    });
  });
});

describe('GPT-NeoX', () => {
  it('may have its head under the name that newer code has for it', async () => {
    const rename = (name: string): string => name.replace('embed_out', 'lm_head');
    const renamed = editedFixture('families/gpt_neox', (tensors) => renameTensors(tensors, rename));
    const plain = editedFixture('families/gpt_neox', () => {});
    expect(await collectTensors(await openCheckpoint(renamed))).toEqual(
      await collectTensors(await openCheckpoint(plain)),
    );
  });
});

describe('a fine-tuned head', () => {
  it.each(['gpt1-entailment-classifier', 'gpt2-double-heads-classifier', 'gpt-neo-multi-label-classifier'])(
    'of %s lies under the prefix, too',
    async (fixture) => {
      const plain = await collectTensors(await openCheckpoint(editedFixture(fixture, () => {})));
      expect(plain.get('score.weight')).toBeDefined();
      const files = editedFixture(fixture, (tensors) => renameTensors(tensors, (name) => `module.${name}`));
      expect(await collectTensors(await openCheckpoint(files))).toEqual(plain);
    },
  );
});

describe('a torch file', () => {
  const folder = fileURLToPath(new URL('./testing/pytorch/tied', import.meta.url));
  const openRenamed = async (rename: (name: string) => string | undefined) =>
    openWith(await nodeDirectory(folder), {
      ...importOnDemand,
      readTorchTensors: async (...of) =>
        (await readPytorchTensors(...of)).flatMap((tensor) => {
          const name = rename(tensor.name);
          return name === undefined ? [] : { ...tensor, name };
        }),
    });

  it('loads with a prefix before all names, and with the head alone of the tied pair', async () => {
    const plain = await collectTensors(await openCheckpoint(folder));
    expect(await collectTensors(await openRenamed((name) => `module._orig_mod.${name}`))).toEqual(plain);
    const headAlone = await openRenamed((name) => (/wte\.weight$/.test(name) ? undefined : name));
    expect((await collectTensors(headAlone)).get('tokenEmbedding')).toEqual(plain.get('tokenEmbedding'));
  });
});

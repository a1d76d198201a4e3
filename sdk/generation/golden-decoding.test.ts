import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReferenceEngineBuilder } from '../backends/reference/index.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { LoadedModel } from '../loaded-model/loaded-model.ts';
import { loadedModelOf } from '../testing/loaded-model-of.ts';
import { noCheckpoint } from '../testing/no-checkpoint.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';

const folder = '../shared/data/golden/hub';

async function load(
  name: string,
): Promise<{ model: LoadedModel; decoding: Record<string, number[]>; greedy: number[] }> {
  const checkpoint = await openCheckpoint(`${folder}/${name}`);
  const builder = await createReferenceEngineBuilder(checkpoint.config, { dtype: 'f32' });
  for await (const part of checkpoint.tensors()) await builder.setTensor(part);
  const model = loadedModelOf({
    engine: await builder.finish(),
    config: checkpoint.config,
    tokenizer: undefined,
    generationDefaults: {},
    head: undefined,
    checkpoint: noCheckpoint,
  });
  const { decoding, greedy } = JSON.parse(readFileSync(`${folder}/${name}/expected.json`, 'utf8'));
  return { model, decoding, greedy };
}

// The hub's own beams and penalties; the folder is absent on a user's machine.
describe.skipIf(!existsSync(folder)).each(['gpt2', 'gpt-neo'])(
  "decoding agrees with the hub's own code on %s",
  (name) => {
    const cases: [string, GenerateOptions][] = [
      ['beam4', { numBeams: 4 }],
      ['beam3_len_penalty_0.5', { numBeams: 3, lengthPenalty: 0.5 }],
      ['greedy_rep1.3', { temperature: 0, repetitionPenalty: 1.3 }],
      ['greedy_ngram2', { temperature: 0, noRepeatNgramSize: 2 }],
    ];
    it.each(cases)('%s', async (key, options) => {
      const { model, decoding } = await load(name);
      const { tokenIds } = await model.generate(decoding.prompt, { maxNewTokens: 20, ...options });
      expect(tokenIds).toEqual(decoding[key]);
    });

    it('all four sequences of a beam search', async () => {
      const { model, decoding } = await load(name);
      const { sequences } = await model.generate(decoding.prompt, { maxNewTokens: 20, numBeams: 4, numSequences: 4 });
      expect(sequences?.map(({ tokenIds }) => tokenIds)).toEqual(decoding.beam4_all);
    });

    it('banned ids', async () => {
      const { model, decoding, greedy } = await load(name);
      // The file does not name the banned ids; they are the first two of its other greedy run.
      const bannedTokenIds = greedy.slice(0, 2);
      const { tokenIds } = await model.generate(decoding.prompt, { maxNewTokens: 20, temperature: 0, bannedTokenIds });
      expect(tokenIds).toEqual(decoding.greedy_bad);
    });
  },
);

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkGenerateOptions, resolveGenerateOptions } from '../loaded-model/generate-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { bannedNext, bannedSequences } from './banned-texts.ts';

const expected = JSON.parse(readFileSync('fixtures/gpt2-tiny/expected.json', 'utf8'));
const prompt: number[] = expected.ids.slice(0, 8);

it('stop ids stand beside the model’s own end, which no list takes away', () => {
  const stopIds = (stopTokenIds?: number[]) => [
    ...resolveGenerateOptions(checkGenerateOptions({ stopTokenIds }), {}, [7]).stopTokenIds,
  ];
  expect([stopIds(), stopIds([]), stopIds([3])]).toEqual([[7], [7], [7, 3]]);
});

describe('what may not come', () => {
  let model: GptModel;
  let plain: number[];
  beforeAll(async () => {
    model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
    plain = (await model.generate(prompt, { temperature: 0, maxNewTokens: 12 })).tokenIds;
  });
  afterAll(() => model.dispose());

  it('a stop id ends generation, but not before the minimum length, and does not come until then', async () => {
    const options = { temperature: 0, maxNewTokens: 12, stopTokenIds: [plain[0]] };
    expect((await model.generate(prompt, options)).tokenIds).toEqual([]);
    const { tokenIds } = await model.generate(prompt, { ...options, minNewTokens: 5 });
    expect(tokenIds.length).toBeGreaterThanOrEqual(5);
    expect(tokenIds.slice(0, 5)).not.toContain(plain[0]);
  });

  it('a stop text before the minimum length is text like any other', async () => {
    const text = model.tokenizer.decode(plain.slice(0, 1));
    const options = { temperature: 0, maxNewTokens: 12, stop: [text] };
    expect((await model.generate(prompt, options)).text).toBe('');
    const { tokenIds } = await model.generate(prompt, { ...options, minNewTokens: 4 });
    expect(tokenIds.slice(0, 4)).toEqual(plain.slice(0, 4));
  });

  it('a banned id never comes, greedily, by chance and in beams', async () => {
    const bannedTokenIds = [plain[0], plain[3]];
    for (const options of [{ temperature: 0 }, { temperature: 1.5, seed: 3 }, { numBeams: 3 }]) {
      const { tokenIds } = await model.generate(prompt, { ...options, bannedTokenIds, maxNewTokens: 12 });
      expect(tokenIds.some((id) => bannedTokenIds.includes(id))).toBe(false);
    }
  });

  it('the last token of a banned text does not come after the others', async () => {
    const text = Array.from('abcdefgh', (letter) => letter.repeat(3)).find(
      (word) => model.tokenizer.encode(word).length > 1,
    );
    const sequences = bannedSequences([text as string], model.tokenizer);
    const [first] = sequences;
    const history = [...prompt, ...first.subarray(0, -1)];
    expect(bannedNext(sequences, history)).toContain(first.at(-1));
    expect(bannedNext(sequences, [])).not.toContain(first.at(-1));
    const { tokenIds } = await model.generate(history, {
      temperature: 0,
      maxNewTokens: 1,
      bannedTexts: [text as string],
      logitBias: { [first.at(-1) as number]: 1000 },
    });
    expect(tokenIds[0]).not.toBe(first.at(-1));
    const free = await model.generate(history, {
      temperature: 0,
      maxNewTokens: 1,
      logitBias: { [first.at(-1) as number]: 1000 },
    });
    expect(free.tokenIds[0], 'without the ban').toBe(first.at(-1));
  });

  it('a beam search that stops early gives all its sequences and generates no more than the full one', async () => {
    const options = { numBeams: 3, numSequences: 3, maxNewTokens: 20, stopTokenIds: [plain[2]] };
    const early = await model.generate(prompt, { ...options, earlyStopping: true });
    const late = await model.generate(prompt, options);
    expect(early.sequences).toHaveLength(3);
    for (const { tokenIds } of early.sequences ?? []) expect(tokenIds.length).toBeLessThanOrEqual(20);
    // It never goes on for longer than the full search.
    expect(early.usage.generatedTokens).toBeLessThanOrEqual(late.usage.generatedTokens);
  });
});

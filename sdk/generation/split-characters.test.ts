// Tokens that hold parts of a character, and a literal U+FFFD, which is a character like any other: with every way of steering that
// knows ids or texts, alone and at once, drawn, greedy and in beams.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

let model: GptModel;
/** The tokens that spell a text, one a byte where the vocabulary has no longer one. */
let spell: (text: string) => number[];
beforeAll(async () => {
  model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  spell = (text) => Array.from(model.tokenizer.encode(text));
});
afterAll(() => model.dispose());

const prompt = [1, 2, 3];
const ways: [string, GenerateOptions][] = [
  ['greedily', { temperature: 0 }],
  ['by chance', { seed: 3 }],
  ['among the likeliest', { seed: 3, topK: 5 }],
];
/** A search over sums, to which the order of the same tokens is one. */
const beams: [string, GenerateOptions] = ['in beams', { numBeams: 3 }];

/** Options that make the ids come in this order, over and over: bias leads, and the frequency penalty takes turns. */
const inTurns = (ids: readonly number[]): GenerateOptions => ({
  logitBias: Object.fromEntries(ids.map((id, i) => [id, 4000 - 100 * i])),
  frequencyPenalty: 1000,
});

async function run(options: GenerateOptions) {
  const generation = model.generate(prompt, options);
  const parts: string[] = [];
  const tokenIds: number[] = [];
  for await (const part of generation) {
    parts.push(part.text);
    tokenIds.push(...part.tokenIds);
  }
  const result = await generation;
  expect(parts.join('')).toBe(result.text);
  expect(tokenIds).toEqual(result.tokenIds);
  return { parts, ...result };
}

describe.each([
  ['a literal U+FFFD', '\ufffd'],
  ['a character of two bytes', 'é'],
  ['a character of four bytes', '\u{1F600}'],
])('%s', (_, character) => {
  it.each(ways)('comes whole, steered by bias and penalties, %s', async (_name, way) => {
    const ids = spell(character);
    expect(ids.length).toBeGreaterThan(1);
    const options = { ...way, ...inTurns(ids), maxNewTokens: 3 * ids.length };
    const { text, parts, tokenIds } = await run(options);
    expect(tokenIds).toEqual([...ids, ...ids, ...ids]);
    expect(text).toBe(character.repeat(3));
    expect(parts.filter((part) => part !== '')).toEqual([character, character, character]);
  });

  it.each([...ways, beams])(
    'does not come when its text is banned, beside bans of ids and penalties, %s',
    async (_name, way) => {
      const ids = spell(character);
      const last = ids.at(-1) as number;
      const other = spell('x')[0];
      const steered = { ...way, ...inTurns(ids), maxNewTokens: 12 };
      const { tokenIds } = await run({
        ...steered,
        bannedTexts: [character],
        bannedTokenIds: [other],
        presencePenalty: 0.5,
        repetitionPenalty: 1.1,
      });
      expect(tokenIds).not.toContain(other);
      // Its last part never stands behind the others.
      const spelled = ids.slice(0, -1).join();
      for (const [i, id] of tokenIds.entries())
        if (id === last) expect(tokenIds.slice(Math.max(0, i - ids.length + 1), i).join()).not.toBe(spelled);
    },
  );

  it.each(ways)('ends the text as a stop text, and is not shown, %s', async (_name, way) => {
    const ids = [...spell('ab'), ...spell(character), ...spell('c')];
    const { text, finishReason } = await run({ ...way, ...inTurns(ids), maxNewTokens: ids.length, stop: [character] });
    expect({ text, finishReason }).toEqual({ text: 'ab', finishReason: 'stop' });
  });

  it.each(ways)('cut off by the length is U+FFFD, in stream and result alike, %s', async (_name, way) => {
    const ids = spell(character);
    const { text } = await run({ ...way, ...inTurns([...spell('a'), ...ids]), maxNewTokens: ids.length });
    expect(text).toBe('a\ufffd');
  });
});

it('parts of characters in any order give what decoding them gives, whatever steers them', async () => {
  const parts = [...'é\ufffd\u{1F600}€'].flatMap(spell);
  const logitBias = Object.fromEntries(parts.map((id) => [id, 60]));
  for (const [, way] of [...ways, beams]) {
    for (let seed = 1; seed <= 6; seed++) {
      const steered = {
        ...way,
        seed,
        logitBias,
        maxNewTokens: 40,
        repetitionPenalty: 1.2,
        bannedTexts: ['é', '\ufffd'],
      };
      const { text, tokenIds } = await run(steered);
      expect(text).toBe(model.tokenizer.decode(tokenIds));
      expect(tokenIds.every((id) => parts.includes(id))).toBe(true);
    }
  }
});

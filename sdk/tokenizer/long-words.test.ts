import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/gpt2';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { randomNumbers } from './testing/generated-text.ts';
import { gpt2Files } from './testing/tiktoken-files.ts';
import type { Tokenizer } from './tokenizer.ts';

describe('words of any length', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await createTokenizer(gpt2Files(ranks));
  });

  it('merge as in js-tiktoken, on both sides of the lengths where the method changes', () => {
    const other = new Tiktoken(ranks);
    const random = randomNumbers(3);
    for (const length of [1, 2, 14, 15, 16, 17, 127, 128, 129, 130, 500, 1025]) {
      for (const letters of length < 200 ? [1, 2, 3, 26] : [1, 26]) {
        let word = '';
        for (let i = 0; i < length; i++) word += String.fromCharCode(97 + random(letters));
        for (const text of [word, ` ${word}`]) {
          const expected = other.encode(text, [], []);
          expect([...tokenizer.encode(text)], `${length} of ${letters}`).toEqual(expected);
          // The second time from the cache.
          expect([...tokenizer.encode(text)]).toEqual(expected);
        }
      }
    }
  });

  // A method whose time grows with the square of the length would take hours here, not seconds.
  it.each([
    ['letters', 'q'],
    ['spaces', ' '],
    ['newlines', '\n'],
    ['emoji', '😀'],
    ['ideographs', '中'],
  ])('of two million %s come back whole', (_name, character) => {
    const text = character.repeat(2_000_000);
    const ids = tokenizer.encode(text);
    expect(tokenizer.decode(ids) === text).toBe(true);
  });

  it('of mixed letters of a million come back whole', () => {
    const random = randomNumbers(11);
    const letters = Uint8Array.from({ length: 1_000_000 }, () => 97 + random(26));
    const text = new TextDecoder().decode(letters);
    expect(tokenizer.decode(tokenizer.encode(text)) === text).toBe(true);
  });

  it('give the same ids whether or not the caches have been through much else', async () => {
    const fresh = await createTokenizer(gpt2Files(ranks));
    const random = randomNumbers(8);
    for (let i = 0; i < 40_000; i++) tokenizer.count(` word${random(1e6)} ${'x'.repeat(random(60))}${random(1e6)}`);
    for (let i = 0; i < 300; i++) {
      const text = ` word${random(1e6)} ${'y'.repeat(random(60))}`;
      expect(tokenizer.encode(text)).toEqual(fresh.encode(text));
    }
  });
});

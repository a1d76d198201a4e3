import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeDirectory } from '../../checkpoint/sources/node-directory.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { createTokenizer } from '../../tokenizer.ts';
import { embeddedTokenizer } from './embedded-tokenizer.ts';

const folder = 'models/default';
let small: Awaited<ReturnType<typeof embeddedTokenizer>>;
let whole: Tokenizer;

beforeAll(async () => {
  const file = await (await nodeDirectory(folder)).open('tokenizer.json');
  if (!file) throw new Error('no tokenizer.json');
  small = await embeddedTokenizer(file);
  whole = await createTokenizer({ 'tokenizer.json': readFileSync(`${folder}/tokenizer.json`) });
});

/** Numbers from 0 to 1, the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const alphabets: Record<string, readonly string[]> = {
  'stories’ own tokens': [],
  'spaces and signs': [...' \n\t\r\u0085\u00a0\u2003\ufeff\u001c.,!?“”’\'"—-_'],
  'ends of words': ["'s", "'S", "'ll", "'re", 'ſ', ' ', "'", 'don', 'I', '\n\n', '  ', '3', '½', '٣'],
  scripts: [...'aéßñЖЯ東京日本語ก้ข한글אבعر🦊👨‍👩‍👧e\u0301 '],
  'halves of characters': ['\ud800', '\udc00', '\ud83e', '\udd8a', 'a', ' '],
};

describe('the small tokenizer of the embedded model', () => {
  it.each(Object.keys(alphabets))('gives the ids of the whole one, texts of %s', (name) => {
    const next = random(7);
    const own = Array.from({ length: 4096 }, (_, id) => whole.decode([id]));
    const letters = alphabets[name].length > 0 ? alphabets[name] : own;
    for (let round = 0; round < 500; round++) {
      const length = Math.floor(next() * 40);
      const text = Array.from({ length }, () => letters[Math.floor(next() * letters.length)]).join('');
      expect(small.encode(text), JSON.stringify(text)).toEqual(whole.encode(text));
    }
  });

  it('gives the same ids for every character of the first two planes', () => {
    // This engine's Unicode is older than the tables': what is a letter in one only is split otherwise, where no merge joins anything.
    for (let code = 0; code < 0x20000; code++) {
      const text = `a${String.fromCodePoint(code)} b`;
      const [ids, expected] = [small.encode(text), whole.encode(text)];
      if (ids.length !== expected.length || ids.some((id, i) => id !== expected[i]))
        expect(ids, code.toString(16)).toEqual(expected);
    }
  });

  it('takes its own ids apart again, special ones too', () => {
    const next = random(3);
    for (let round = 0; round < 200; round++) {
      const ids = Array.from({ length: 30 }, () => Math.floor(next() * 4096));
      const [a, b] = [small.decoder(), whole.decoder()];
      for (const id of ids) expect(a.push(id)).toBe(b.push(id));
      expect(a.flush()).toBe(b.flush());
    }
    expect(small.decoder().push(4092)).toBe('<|endoftext|>');
  });

  it('counts a text that is far too long in time in proportion: 400 kB without a space', () => {
    const next = random(1);
    const letters = 'etaoinshrdlu';
    const word = Array.from({ length: 400_000 }, () => letters[Math.floor(next() * letters.length)]).join('');
    expect(small.encode(word).length).toBe(whole.count(word));
    expect(small.encode('a'.repeat(400_000)).length).toBe(whole.count('a'.repeat(400_000)));
  });
});

import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import { byteAlphabet } from './byte-alphabet.ts';
import { trainTokenizer } from './train-tokenizer.ts';

const sentence =
  'The cat sat on the mat. The other cat, a fat one, sat on the hat; the hat was that of the cat that had sat before. ';
const text = `${sentence.repeat(3)}Käse, Brötchen und Käsebrötchen! 猫は 猫 である。 1984 and 19 84 … don’t, don't, we'll`;

/** The same without counts that are kept: looks at everything before every merge. */
function slowMerges(from: string, most: number): string[] {
  const alphabet = byteAlphabet();
  const pattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
  const words = [...from.matchAll(pattern)].map(([piece]) =>
    [...new TextEncoder().encode(piece)].map((b) => alphabet[b]),
  );
  const merges: string[] = [];
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const word of words)
      for (let i = 1; i < word.length; i++) {
        const pair = `${word[i - 1]} ${word[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    const best = [...counts].filter(([, n]) => n > 1).sort(([a, n], [b, m]) => m - n || (less(a, b) ? -1 : 1))[0];
    if (!best) break;
    merges.push(best[0]);
    for (const word of words)
      for (let i = 1; i < word.length; i++)
        if (`${word[i - 1]} ${word[i]}` === best[0]) word.splice(i - 1, 2, word[i - 1] + word[i]);
  }
  return merges;
}

function less(a: string, b: string): boolean {
  const [[l1, r1], [l2, r2]] = [a.split(' '), b.split(' ')];
  return l1 === l2 ? r1 < r2 : l1 < l2;
}

const mergesOf = (files: Readonly<Record<'merges.txt', Uint8Array>>): string[] =>
  new TextDecoder().decode(files['merges.txt']).trim().split('\n').slice(1);

describe('trainTokenizer', () => {
  it('merges what a slow trainer merges, in its order', async () => {
    const { files } = await trainTokenizer([text], { vocabSize: 257 + 60 });
    expect(mergesOf(files)).toEqual(slowMerges(text, 60));
  });

  it('gives a tokenizer that its files give again, and that takes any text there and back', async () => {
    const { tokenizer, files } = await trainTokenizer([text], { vocabSize: 400, specialTokens: ['<|end|>', '<|x|>'] });
    const again = await createTokenizer({ 'vocab.json': files['vocab.json'], 'merges.txt': files['merges.txt'] });
    const other = 'Never seen: ǆ 🦉\n\t the hat.';
    expect([...tokenizer.encode(other)]).toEqual([...again.encode(other)]);
    expect(tokenizer.decode(tokenizer.encode(other))).toBe(other);
    expect([...tokenizer.specialTokens]).toEqual([
      ['<|end|>', tokenizer.vocabSize - 2],
      ['<|x|>', tokenizer.vocabSize - 1],
    ]);
    expect(tokenizer.encode(' the cat').length).toBe(2);
  });

  it('stops where texts repeat too little, with fewer tokens', async () => {
    const { tokenizer } = await trainTokenizer(['abcd'], { vocabSize: 1000 });
    expect(tokenizer.vocabSize).toBe(257);
  });

  it('tells how far it is, to the end', async () => {
    const shares: number[] = [];
    await trainTokenizer([text], { vocabSize: 300, onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('ends for an abort', async () => {
    await expect(trainTokenizer([text], { vocabSize: 300, signal: AbortSignal.abort('enough') })).rejects.toBe(
      'enough',
    );
    const stop = new AbortController();
    const run = trainTokenizer([text.repeat(500)], { vocabSize: 4000, signal: stop.signal });
    stop.abort('later');
    await expect(run).rejects.toBe('later');
  });

  it.each([
    [[text], { vocabSize: 100 }, 'vocabSize is 100; it must be at least 257: every byte and 1 special tokens.'],
    [['', ''], { vocabSize: 300 }, 'There is no text to learn a vocabulary from; give some, a few kilobytes at least.'],
    ['text', { vocabSize: 300 }, "texts is 'text'; it must be an array of texts."],
    [[text], {}, 'vocabSize is undefined; it m'],
    [[text], { vocabSize: 300, specialTokens: [''] }, "specialTokens[0] is ''; it must be a text that is not empty."],
  ])('refuses %j with %j', async (texts, options, message) => {
    await expect(trainTokenizer(texts as string[], options as { vocabSize: number })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message),
    });
  });
});

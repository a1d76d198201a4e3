import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { labelsOfWords, spanLabels, spansOf } from './span-labels.ts';
import { wordsOf } from './words.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await createTokenizer({ 'tokenizer.json': readFileSync('models/default/tokenizer.json') });
});

const text = 'Ask Ada Lovelace, not Charles.';
const spans = [
  { start: 4, end: 16, label: 'person' },
  { start: 22, end: 29, label: 'person' },
];

describe('wordsOf', () => {
  it('says which token ends each word', () => {
    const { tokenIds, words } = wordsOf(text, tokenizer);
    expect(words.map(({ start, end }) => text.slice(start, end))).toEqual([
      'Ask',
      'Ada',
      'Lovelace',
      ',',
      'not',
      'Charles',
      '.',
    ]);
    for (const { end, token } of words)
      expect(tokenizer.decode(tokenIds.subarray(0, token + 1))).toBe(text.slice(0, end));
  });

  it('takes words that end in one token for one', () => {
    const found = wordsOf("It's", tokenizer);
    expect(found.tokenIds).toHaveLength(2);
    expect(found.words.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 4],
    ]);
  });

  it('counts in UTF-16 where characters take several tokens', () => {
    const { words, tokenIds } = wordsOf('ein 🦙 Äpfel', tokenizer);
    expect(words.map(({ start, end }) => [start, end])).toEqual([
      [0, 3],
      [4, 6],
      [7, 12],
    ]);
    expect(words.at(-1)?.token).toBe(tokenIds.length - 1);
  });
});

describe('labels of words and spans', () => {
  it('are two views of the same', () => {
    const { words } = wordsOf(text, tokenizer);
    const labels = spanLabels(['person']);
    const ofWords = labelsOfWords(words, spans);
    expect(ofWords).toEqual(['O', 'B-person', 'I-person', 'O', 'O', 'B-person', 'O']);
    const logits = ofWords.map((label) => labels.map((each) => (each === label ? 9 : 0)));
    expect(spansOf(text, words, logits, labels)).toEqual(
      spans.map((span) => ({ ...span, text: text.slice(span.start, span.end), score: expect.closeTo(1, 3) })),
    );
  });

  it('have the whole word where a span begins or ends within it', () => {
    const { words } = wordsOf(text, tokenizer);
    expect(labelsOfWords(words, [{ start: 8, end: 11, label: 'x' }])[2]).toBe('B-x');
  });

  it('read labels without places, and an I that follows nothing', () => {
    const words = ['a', 'b', 'c', 'd'].map((_, i) => ({ start: 2 * i, end: 2 * i + 1, token: i }));
    const pick = (labels: string[], ...names: string[]) =>
      spansOf(
        'a b c d',
        words,
        names.map((name) => labels.map((each) => (each === name ? 9 : 0))),
        labels,
      );
    expect(pick(['O', 'X'], 'X', 'X', 'O', 'X').map(({ text }) => text)).toEqual(['a b', 'd']);
    expect(pick(['O', 'B-X', 'I-X'], 'O', 'I-X', 'I-X', 'B-X').map(({ text }) => text)).toEqual(['b c', 'd']);
  });
});

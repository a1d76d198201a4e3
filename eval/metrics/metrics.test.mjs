import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exactMatch, leaveOneOut, normalizeAnswer, overlapF1 } from './answer-overlap.mjs';
import { bleuCounts, corpusBleu, tokenize13a } from './bleu.mjs';
import { correlation, rankCorrelation } from './correlation.mjs';
import { dropExactMatch, dropF1 } from './drop.mjs';
import { f1, macroF1 } from './f1.mjs';
import { rouge } from './rouge.mjs';

describe('BLEU', () => {
  // Made by make-bleu-reference.py with sacreBLEU itself.
  const { tokens, corpora } = JSON.parse(readFileSync(new URL('bleu-reference.json', import.meta.url), 'utf8'));

  it('is of the tokens that sacreBLEU sees', () => {
    expect(tokens.length).toBeGreaterThan(40);
    for (const [text, wanted] of tokens) expect(tokenize13a(text).join(' ')).toBe(wanted);
  });

  it('is sacreBLEU’s for corpora from unlike to alike, short, empty and without a shared word', () => {
    const scores = corpora.map(({ bleu }) => bleu);
    expect([Math.min(...scores), Math.max(...scores) > 50]).toEqual([0, true]);
    for (const { hypotheses, references, bleu } of corpora) {
      expect(corpusBleu(hypotheses.map((hypothesis, i) => bleuCounts(hypothesis, references[i])))).toBeCloseTo(bleu, 8);
    }
  });
});

describe('ROUGE', () => {
  it('gives the figures of its paper’s examples', () => {
    // Lin 2004, sections 3.1 and 3.2: "kill" for "killed" is no match there, as the stem is not taken; so names here.
    const reference = ['smith hurt the gunman'];
    expect(rouge(['smith hit the gunman'], reference).rougeL).toBeCloseTo(3 / 4, 12);
    expect(rouge(['the gunman hit smith'], reference).rougeL).toBeCloseTo(2 / 4, 12);
    // Union over sentences: w1 w2 of the first and w1 w3 w5 of the second are 4 of 5 words, with 8 - 1 given.
    const { rougeL } = rouge(['w1 w2 w6 w7 w8', 'w1 w3 w8 w9 w5'], ['w1 w2 w3 w4 w5']);
    expect(rougeL).toBeCloseTo((2 * (4 / 5) * (4 / 10)) / (4 / 5 + 4 / 10), 12);
  });

  it('counts words and pairs as often as both have them, by stem, whatever the case and punctuation', () => {
    // 1: the, cat, sat of 3 and 6 words. 2: "the cat", "cat sat" of 2 and 5.
    const { rouge1, rouge2 } = rouge(['The cat sat!'], ['the cat sat on the mat']);
    expect(rouge1).toBeCloseTo((2 * 3) / (3 + 6), 12);
    expect(rouge2).toBeCloseTo((2 * 2) / (2 + 5), 12);
    expect(rouge(['the the the'], ['the cat']).rouge1).toBeCloseTo((2 * 1) / (3 + 2), 12);
    expect(rouge(['connected runs'], ['connection running']).rouge1).toBe(1);
    expect(rouge([''], ['x'])).toEqual({ rouge1: 0, rouge2: 0, rougeL: 0 });
  });
});

describe('answers', () => {
  it('are compared without case, punctuation, articles and spaces', () => {
    expect(normalizeAnswer(' The  "Cat\'s" hat, an apple. ')).toBe('cats hat apple');
    expect(exactMatch('The cat!', ['dog', 'cat'])).toBe(1);
    expect(exactMatch('cats', ['cat'])).toBe(0);
  });

  it('share words as often as both have them', () => {
    // 2 shared of 3 and 2; the best reference counts.
    expect(overlapF1('red balls here', ['red balls', 'blue'])).toBeCloseTo((2 * 2) / (3 + 2), 12);
    expect(overlapF1('red red', ['red'])).toBeCloseTo((2 * 1) / (2 + 1), 12);
    expect(overlapF1('', ['x'])).toBe(0);
    expect(overlapF1('the', [''])).toBe(1);
  });

  it('are averaged over references left out in turn', () => {
    // Without "a b" the best is "a" (2/3), without "a" it is "a b" (1).
    expect(leaveOneOut(overlapF1, 'b c', ['b c', 'b'])).toBeCloseTo((2 / 3 + 1) / 2, 12);
    expect(leaveOneOut(exactMatch, 'x', ['x'])).toBe(1);
  });
});

describe('DROP', () => {
  it('compares numbers by value, and other words as SQuAD does, in hyphenated parts', () => {
    expect(dropExactMatch('3.0', [['3']])).toBe(1);
    expect(dropExactMatch('1,000 yards', [['1000 yards']])).toBe(1);
    expect(dropExactMatch('The 10-yard line.', [['10 yard line']])).toBe(1);
    expect(dropExactMatch('4', [['3'], ['4']])).toBe(1);
    expect(dropExactMatch('5', [['3'], ['4']])).toBe(0);
  });

  it('gives F1 of bags of words, each once, and nothing without one of the reference’s numbers', () => {
    // 1 shared of 2 and 3; rounded as DROP's script does.
    expect(dropF1('red red ball', [['red kite there']])).toBe(0.4);
    expect(dropF1('6 yards', [['5 yards']])).toBe(0);
    expect(dropF1('about 5 yards', [['5 yards']])).toBe(0.8);
    expect(dropF1('five', [['5'], ['five men']])).toBe(0.67);
    expect(dropF1('', [['x']])).toBe(0);
  });

  it('pairs several spans as they fit best, over as many as either side has', () => {
    const cities = [['Denver', 'Miami']];
    expect([dropExactMatch('Miami, Denver', cities), dropF1('Miami, Denver', cities)]).toEqual([1, 1]);
    expect([dropExactMatch('Miami', cities), dropF1('Miami', cities)]).toEqual([0, 0.5]);
    expect([dropExactMatch('Miami, Miami', cities), dropF1('Miami, Miami', cities)]).toEqual([0, 0.5]);
    expect(dropF1('Miami, Denver, Rome', cities)).toBe(0.67);
    // The first of ours fits both of theirs, the second one alone: 2/3 and 1, not 1 and 0.
    expect(dropF1('red, blue', [['red', 'red blue']])).toBe(0.83);
    expect(dropF1('red blue, red', [['red', 'green blue red']])).toBe(0.9);
    expect(dropF1('c5', [Array.from({ length: 40 }, (_, i) => `c${i}`)])).toBe(0.03);
    // One span may have a comma.
    expect(dropExactMatch('Denver, Colorado', [['Denver, Colorado']])).toBe(1);
  });
});

it('F1 is of the ones, macro F1 of every class', () => {
  // 2 right of 3 guessed and 4 true.
  const pairs = [...Array(2).fill([1, 1]), [1, 0], ...Array(2).fill([0, 1]), ...Array(5).fill([0, 0])];
  expect(f1(pairs)).toBeCloseTo((2 * 2) / (3 + 4), 12);
  expect(macroF1(pairs)).toBeCloseTo((4 / 7 + 10 / 13) / 2, 12);
  expect(f1([[0, 0]])).toBe(0);
});

it('correlations: Pearson’s of the values, Spearman’s of the ranks', () => {
  const cubes = [-2, -1, 0, 1, 2].map((x) => [x, x ** 3]);
  // Sum of x·x³ = 34; of squares 10 and 130.
  expect(correlation(cubes)).toBeCloseTo(34 / Math.sqrt(10 * 130), 12);
  expect(rankCorrelation(cubes)).toBeCloseTo(1, 12);
  // Ranks 0.5 0.5 2 3 against 0 1 2 3: 1 - ties make it 4.5 / sqrt(4.5 · 5).
  expect(
    rankCorrelation([
      [1, 1],
      [1, 2],
      [2, 3],
      [9, 4],
    ]),
  ).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(
    correlation([
      [1, 0],
      [1, 1],
    ]),
  ).toBe(0);
});

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../platform/seeded-random.ts';
import { PromptDrafter } from './prompt-drafter.ts';

const drafted = (history: readonly number[], most = 4): readonly number[] =>
  new PromptDrafter().draft(history, most).tokenIds;

describe('looking up what came before', () => {
  it('guesses what followed the same tokens, of several places the last', () => {
    expect(drafted([1, 2, 3, 4, 9, 1, 2, 5, 6, 7, 8, 1, 2])).toEqual([5, 6, 7, 8]);
  });

  it('prefers the longest run', () => {
    expect(drafted([7, 1, 2, 3, 3, 3, 8, 1, 2, 4, 4, 4, 7, 1, 2])).toEqual([3, 3, 3, 8]);
  });

  it('goes on with a text that repeats its end', () => {
    expect(drafted([5, 6, 5, 6, 5, 6], 5)).toEqual([5, 6, 5, 6, 5]);
  });

  it('has no guess where nothing came before', () => {
    expect(drafted([1])).toEqual([]);
    expect(drafted([1, 2])).toEqual([]);
    expect(drafted([1, 2, 3, 4, 5])).toEqual([]);
  });

  it('knows longer matches from shorter ones', () => {
    const kindAfter = (same: number): number => {
      const run = Array.from({ length: same }, (_, i) => i + 10);
      return new PromptDrafter().draft([1, ...run, 2, ...run], 1).kind;
    };
    expect([2, 3, 4, 7, 8, 15, 16, 30].map(kindAfter)).toEqual([0, 1, 2, 2, 3, 3, 4, 4]);
  });

  it('finds token by token what a search of the whole text finds', () => {
    const random = seededRandom(1);
    const history = Array.from({ length: 400 }, () => Math.floor(random() * 6));
    const drafter = new PromptDrafter();
    for (let length = 1; length <= history.length; length++) {
      const text = history.slice(0, length);
      let place: number | undefined;
      for (const run of [5, 3, 2]) {
        for (let at = length - 1; at >= run && place === undefined; at--)
          if (length > run && text.slice(at - run, at).join() === text.slice(-run).join()) place = at;
      }
      const expected = place === undefined ? [] : [text[place]];
      expect(drafter.draft(text, 1).tokenIds).toEqual(expected);
    }
  });
});

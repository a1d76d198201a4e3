import { describe, expect, it } from 'vitest';
import { promptWindow, restOf, wholeWords } from './prompt-window.ts';

describe('what the model is asked to go on from', () => {
  it('is the end of the text, without the space at its end', () => {
    expect(promptWindow('Once upon', 100)).toEqual({ prompt: 'Once upon', endsInSpace: false });
    expect(promptWindow('Once upon ', 100)).toEqual({ prompt: 'Once upon', endsInSpace: true });
    expect(promptWindow('One.\n', 100)).toEqual({ prompt: 'One.\n', endsInSpace: false });
  });

  it('is never longer than it may be, and begins at the same place for most keys', () => {
    const begins = Array.from({ length: 400 }, (_, length) => {
      const text = Array.from({ length }, (_, i) => String.fromCharCode(0x4e00 + i)).join('');
      const { prompt } = promptWindow(text, 100);
      expect(text.endsWith(prompt)).toBe(true);
      expect(prompt.length).toBeLessThanOrEqual(100);
      expect(prompt.length).toBeGreaterThanOrEqual(Math.min(length, 75));
      return prompt[0];
    });
    expect(new Set(begins.slice(1)).size).toBe(1 + Math.ceil(299 / 25));
  });
});

it('who types what is suggested keeps the rest of it; who types anything else has nothing', () => {
  expect(restOf(' a time', 'Once upon', 'Once upon')).toBe(' a time');
  expect(restOf(' a time', 'Once upon', 'Once upon a')).toBe(' time');
  expect(restOf(' a time', 'Once upon', 'Once upon the')).toBe('');
  expect(restOf(' a time', 'Once upon', 'Once')).toBe('');
  expect(restOf(' a time', 'Once upon', 'Once upon a time')).toBe('');
});

it('a suggestion that was cut ends with a word, where there is more than one', () => {
  expect(wholeWords(' a little gi')).toBe(' a little');
  expect(wholeWords(' gi')).toBe(' gi');
  expect(wholeWords('从前有一只')).toBe('从前有一只');
});

import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../model/config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { formatInput, formatWindows, type InputFormat, resolveInputFormat } from './input-format.ts';

/** One token per character, its code; three special tokens beyond. */
const tokenizer = {
  specialTokens: new Map([
    ['<s>', 1000],
    ['<d>', 1001],
    ['<e>', 1002],
  ]),
  template: { before: [], between: [], after: [] },
  encode: (text: string) => Uint32Array.from(text, (character) => character.charCodeAt(0)),
} as unknown as Tokenizer;

const config = (nCtx: number): ModelConfig => ({ nCtx, bosTokenId: 7, eosTokenIds: [8] }) as unknown as ModelConfig;
const paper: InputFormat = resolveInputFormat(
  { startToken: '<s>', delimiterToken: '<d>', extractToken: '<e>' },
  tokenizer,
);
const bare: InputFormat = resolveInputFormat(undefined, tokenizer);
const show = (ids: Uint32Array): string =>
  Array.from(ids, (id) => (id >= 1000 ? '[:]'[id - 1000] : String.fromCharCode(id))).join('');

describe('the input transformations of the GPT paper', () => {
  it('put start and extract around one text, a delimiter between two', () => {
    expect(show(formatInput(['abc'], paper, tokenizer, config(20)))).toBe('[abc]');
    expect(show(formatInput(['ab', 'cd'], paper, tokenizer, config(20)))).toBe('[ab:cd]');
  });

  it('leave out the tokens that a checkpoint does not name', () => {
    expect(show(formatInput(['ab', 'cd'], bare, tokenizer, config(20)))).toBe('abcd');
  });

  it.each([
    ['head', '[abcdef]'],
    ['tail', '[efghij]'],
    ['both', '[abchij]'],
  ] as const)('shorten a text that is too long, keeping its %s', (truncation, expected) => {
    expect(show(formatInput(['abcdefghij'], { ...paper, truncation }, tokenizer, config(8)))).toBe(expected);
  });

  it('read only what may be kept of a text of megabytes', () => {
    const text = Array.from({ length: 100_000 }, (_, i) => String.fromCharCode(97 + ((i * i) % 23))).join('');
    let read = 0;
    const counting = {
      ...tokenizer,
      encode: (part: string) => {
        read += part.length;
        return tokenizer.encode(part);
      },
    } as Tokenizer;
    const kept = { head: text.slice(0, 6), tail: text.slice(-6), both: text.slice(0, 3) + text.slice(-3) };
    for (const [truncation, expected] of Object.entries(kept)) {
      const format = { ...paper, truncation: truncation as keyof typeof kept };
      expect(show(formatInput([text], format, counting, config(8)))).toBe(`[${expected}]`);
    }
    expect(read).toBeLessThan(3000);
  });

  it('shorten the longer of two texts first, then both', () => {
    expect(show(formatInput(['abcdefgh', 'xy'], paper, tokenizer, config(9)))).toBe('[abcd:xy]');
    expect(show(formatInput(['abcdefgh', 'stuvwxyz'], paper, tokenizer, config(9)))).toMatch(/^\[abc:stu\]$/);
  });

  it.each([
    ['abcdef', ['[abcdef]']],
    ['abcdefgh', ['[abcdef]', '[cdefgh]']],
    ['abcdefghijklm', ['[abcdef]', '[efghij]', '[hijklm]']],
  ])('read %s whole, in windows that fill the context', (text, expected) => {
    const windows = formatWindows([text], { ...paper, truncation: 'windows' }, tokenizer, config(8));
    expect(windows.map(show)).toEqual(expected);
  });

  it('leave no token of a text of any length outside all windows', () => {
    for (let length = 0; length < 40; length++) {
      const text = String.fromCharCode(...Array.from({ length }, (_, i) => 97 + i));
      const windows = formatWindows([text], { ...paper, truncation: 'windows' }, tokenizer, config(9)).map(show);
      expect(new Set(windows.join('').replaceAll(/[[\]]/g, ''))).toEqual(new Set(text));
      for (const window of windows) expect(window.length).toBe(Math.min(length, 7) + 2);
    }
  });

  it('cut two texts at both ends where windows are asked for', () => {
    const windows = formatWindows(['abcdefgh', 'xy'], { ...paper, truncation: 'windows' }, tokenizer, config(9));
    expect(windows.map(show)).toEqual(['[abgh:xy]']);
  });

  it('never lose the extract token', () => {
    for (let nCtx = 4; nCtx < 30; nCtx++) {
      const ids = formatInput(['a'.repeat(20), 'b'.repeat(13)], paper, tokenizer, config(nCtx));
      expect(ids.length).toBeLessThanOrEqual(nCtx);
      expect(ids.at(-1)).toBe(1002);
    }
  });

  it('give an empty text a token to stand for it', () => {
    expect(Array.from(formatInput([''], bare, tokenizer, config(9)))).toEqual([7]);
    expect(show(formatInput([''], paper, tokenizer, config(9)))).toBe('[]');
  });

  it('refuse a token that the tokenizer does not have', () => {
    expect(() => resolveInputFormat({ startToken: '<nope>' }, tokenizer)).toThrow(/'<nope>'/);
  });
});

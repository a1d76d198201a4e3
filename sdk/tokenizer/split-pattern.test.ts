import { describe, expect, it } from 'vitest';
import { kindOfPattern } from './split-pattern.ts';
import type { TokenizerKind } from './tokenizer.ts';

const short = "'s|'t|'re|'ve|'m|'ll|'d";
const spaces = '\\s+(?!\\S)|\\s+';
const cl100k = (contractions: string, digits: string): string =>
  `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|${spaces}`;
const word = (capitals: string, smalls: string): string =>
  `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]${capitals}[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]${smalls}(?i:${short})?`;

/** Kind → regular expressions as tokenizer.json files have them. */
const patterns: [TokenizerKind, string][] = [
  ['gpt2', `${short}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|${spaces}`],
  // The same with the contractions in another order of writing, as tiktoken prints it.
  ['gpt2', `'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|${spaces}`],
  ['cl100k', cl100k(`(?i:${short})`, '{1,3}')],
  ['qwen2', cl100k(`(?i:${short})`, '')],
  ['o200k', `${word('*', '+')}|${word('+', '*')}|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|${spaces}`],
];

describe('kindOfPattern', () => {
  it.each(patterns)('knows the pattern of %s: %s', (kind, regex) => {
    expect(kindOfPattern(regex)).toBe(kind);
  });

  it('knows no other', () => {
    for (const [, regex] of patterns) {
      expect(kindOfPattern(`${regex}|x`)).toBeUndefined();
      expect(kindOfPattern(regex.replace('+', '*'))).toBeUndefined();
    }
    expect(kindOfPattern('')).toBeUndefined();
  });
});

import type { TokenizerKind } from './tokenizer.ts';

/** Numbers of the patterns in wasm/tokenizer/encode.ts. */
export const patternNumbers: Record<TokenizerKind, number> = {
  none: 0,
  gpt1: 0,
  gpt2: 1,
  cl100k: 2,
  qwen2: 3,
  o200k: 4,
};

/** The kind whose hand-written state machine does what a regular expression of a tokenizer.json says. */
export function kindOfPattern(regex: string): TokenizerKind | undefined {
  const short = "'s|'t|'re|'ve|'m|'ll|'d";
  const anyCase = `(?i:${short})`;
  const spaces = '\\s+(?!\\S)|\\s+';
  const cl100k = (digits: string): string =>
    `${anyCase}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|${spaces}`;
  const word = (capitals: string, smalls: string): string =>
    `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]${capitals}[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]${smalls}${anyCase}?`;
  const known: [string, TokenizerKind][] = [
    [`${short}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|${spaces}`, 'gpt2'],
    [cl100k('{1,3}'), 'cl100k'],
    [cl100k(''), 'qwen2'],
    [
      `${word('*', '+')}|${word('+', '*')}|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|${spaces}`,
      'o200k',
    ],
  ];
  return known.find(([text]) => text === regex)?.[1];
}

import type { TokenizerKind } from './tokenizer.ts';

/** Numbers of the patterns in wasm/tokenizer/encode.ts. */
export const patternNumbers: Record<TokenizerKind, number> = {
  none: 0,
  gpt1: 5,
  gpt2: 1,
  cl100k: 2,
  qwen2: 3,
  o200k: 4,
};

/** Hashes of the regular expressions; split-pattern.test.ts has them in full, with those that mean the same. */
const kinds: Record<number, TokenizerKind> = {
  3861177550: 'gpt2',
  2886172910: 'gpt2',
  2069502501: 'cl100k',
  3257592641: 'qwen2',
  2491770000: 'o200k',
};

/** The kind whose hand-written state machine does what a regular expression of a tokenizer.json says. */
export function kindOfPattern(regex: string): TokenizerKind | undefined {
  let hash = 0;
  for (let i = 0; i < regex.length; i++) hash = Math.imul(hash ^ regex.charCodeAt(i), 0x01000193);
  return kinds[hash >>> 0];
}

import type { TokenizerKind } from './tokenizer.ts';

/** Every kind with a scanner, at its pattern's number in wasm/tokenizer/encode.ts. */
export const kinds: readonly TokenizerKind[] = ['none', 'gpt2', 'cl100k', 'qwen2', 'o200k', 'gpt1', 'sentencepiece'];

/** How many of them, from the first, the common module has. */
export const commonKinds = 4;

/** Hashes of the regular expressions; split-pattern.test.ts has them in full, with those that mean the same. */
const kindsByHash: Record<number, TokenizerKind> = {
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
  return kindsByHash[hash >>> 0];
}

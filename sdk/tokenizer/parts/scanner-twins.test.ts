import gpt2Ranks from 'js-tiktoken/ranks/gpt2';
import cl100kRanks from 'tiktoken/encoders/cl100k_base';
import o200kRanks from 'tiktoken/encoders/o200k_base';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../create-tokenizer.ts';
import { generatedText, randomNumbers } from '../testing/generated-text.ts';
import { vocabularyOf } from '../testing/tiktoken-files.ts';
import type { Tokenizer } from '../tokenizer.ts';

const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const qwen2 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const { vocab, merges } = vocabularyOf(gpt2Ranks);

/** Of GPT-2's tokens, which do as well as any, with another pattern. */
const withPattern = (pattern: string): Promise<Tokenizer> => {
  const pretokenizers = [
    { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
  ];
  return createTokenizer({
    'tokenizer.json': JSON.stringify({
      pre_tokenizer: { type: 'Sequence', pretokenizers },
      model: { type: 'BPE', vocab, merges },
    }),
  });
};

describe('regular expressions cut as the scanners that are written for the same patterns', () => {
  // The platform's classes are of its Unicode version, the scanners' of this one.
  const otherUnicode = process.versions.unicode !== '17.0';
  it.skipIf(otherUnicode).each([
    ['cl100k', cl100kRanks.pat_str],
    ['o200k', o200kRanks.pat_str],
    ['gpt2', gpt2],
    ['qwen2', qwen2],
  ] as const)('%s (needs a Node with Unicode 17.0)', async (kind, pattern) => {
    const [scanned, run] = await Promise.all([withPattern(pattern), withPattern(`(?:${pattern})`)]);
    expect([scanned.kind, run.kind]).toEqual([kind, 'regex']);
    const random = randomNumbers(12);
    for (let i = 0; i < 500; i++) {
      const text =
        i % 10 === 0 ? ' '.repeat(random(40)) + generatedText(random).replaceAll('\n', '\r\n') : generatedText(random);
      expect(run.encode(text).join(), JSON.stringify(text)).toBe(scanned.encode(text).join());
      expect(run.offsets(text).join(), JSON.stringify(text)).toBe(scanned.offsets(text).join());
    }
  });
});

import gpt2Ranks from 'js-tiktoken/ranks/gpt2';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { hubEncoder, wellFormed } from './testing/hub-tokenizer.ts';
import { vocabularyOf } from './testing/tiktoken-files.ts';
import type { Tokenizer, TokenizerFiles } from './tokenizer.ts';

const { vocab, merges } = vocabularyOf(gpt2Ranks);
const end = gpt2Ranks.special_tokens['<|endoftext|>'];
const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };
const files = (preTokenizer: unknown, parts: object = {}): TokenizerFiles => ({
  'tokenizer.json': JSON.stringify({
    added_tokens: [{ id: end, content: '<|endoftext|>', special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: bytes,
    ...parts,
    model: { type: 'BPE', vocab: { ...vocab, '<|endoftext|>': end }, merges },
  }),
});
const split = {
  type: 'Split',
  pattern: { Regex: '\\p{L}+|\\p{N}|[^\\p{L}\\p{N}]+' },
  behavior: 'Isolated',
  invert: false,
};
const regex = { type: 'Sequence', pretokenizers: [split, { ...bytes, use_regex: false }] };

/** U+FFFD, lone and unpaired surrogates, byte order marks, zeros, the end-of-text token's own text. */
const texts = [
  '\ufffd',
  'a\ufffd\ufffdb \ufffd',
  '\ud800',
  'a\udfff\ud800b',
  '\ud83d\ude00\ud83d',
  '\ude00\ud83d\ude00',
  '\ufeffa\ufeff',
  '\0a\0',
  '<|endoftext|>',
  'a <|endoftext|> b<|endoftext|>',
  '<|endoftext|',
  '<|endof\ufffdtext|>',
  '\ud800<|endoftext|>\ud800',
];

describe.each<[string, TokenizerFiles, normalise: boolean]>([
  ['a scanner', files({ ...bytes, use_regex: true }), false],
  ['regular expressions', files(regex), false],
  ['regular expressions, normalised', files(regex, { normalizer: { type: 'NFC' } }), true],
])('odd texts, cut by %s', (_name, given, normalise) => {
  const tokenizer: Promise<Tokenizer> = createTokenizer(given);
  const encode = hubEncoder(given);
  const random = randomNumbers(8);
  const all = [...texts, ...Array.from({ length: 300 }, () => generatedText(random))];

  it('come back as UTF-8 has them, streamed too, and their own tokens where they are allowed', async () => {
    const own = await tokenizer;
    for (const text of all) {
      for (const allowSpecial of [false, true]) {
        const ids = own.encode(text, { allowSpecial });
        const expected = normalise ? wellFormed(text).normalize('NFC') : wellFormed(text);
        expect(own.decode(ids), JSON.stringify(text)).toBe(expected);
        const decoder = own.decoder();
        expect(Array.from(ids, (id) => decoder.push(id)).join('') + decoder.flush()).toBe(expected);
      }
    }
  });

  it('have the hub’s ids where special tokens are allowed, and none of them where they are not', async () => {
    const own = await tokenizer;
    for (const text of all) {
      // The hub's JavaScript takes a byte order mark for white space, which Unicode does not, and U+0085 for none.
      const plain = text.replace(/[\u0085\ufeff]/g, '');
      expect([...own.encode(plain, { allowSpecial: true })], JSON.stringify(plain)).toEqual(encode(plain));
      expect([...own.encode(text)]).not.toContain(end);
    }
  });

  it('a lone surrogate is U+FFFD', async () => {
    const own = await tokenizer;
    for (const text of all) expect(own.encode(text)).toEqual(own.encode(wellFormed(text)));
  });
});

describe('a text that is too long for an engine’s regular expressions', () => {
  it('is refused as too long, if it is: 8 million letters without a break', async () => {
    const tokenizer = await createTokenizer(files(regex));
    const count = (): number => tokenizer.count('a'.repeat(8_000_000));
    try {
      expect(count()).toBeGreaterThan(1_000_000);
    } catch (error) {
      expect(error).toMatchObject({ code: 'OUT_OF_MEMORY', message: expect.stringMatching(/8000000 characters/) });
    }
    expect(tokenizer.count('a b')).toBe(3);
  });
});

// Every part that the hub's files can have, by the list of its Rust code: the same ids as the hub's own JavaScript, or a
// refusal that names the part. Where that JavaScript itself is not what the Rust code does, the test says what is right.
import gpt2Ranks from 'js-tiktoken/ranks/gpt2';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../create-tokenizer.ts';
import { generatedText, randomNumbers } from '../testing/generated-text.ts';
import { hubEncoder } from '../testing/hub-tokenizer.ts';
import { vocabularyOf } from '../testing/tiktoken-files.ts';
import type { TokenizerFiles } from '../tokenizer.ts';

const { vocab, merges } = vocabularyOf(gpt2Ranks);
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const bare = { ...byteLevel, use_regex: false };

type Json = Record<string, unknown>;

/** tokenizer.json over GPT-2's vocabulary. */
const files = (parts: Json, model: Json = {}): TokenizerFiles => ({
  'tokenizer.json': JSON.stringify({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    ...parts,
    model: { type: 'BPE', vocab, merges, ...model },
  }),
});
const withSteps = (...steps: Json[]): Json => ({
  pre_tokenizer: { type: 'Sequence', pretokenizers: [...steps, bare] },
});
const split = (pattern: Json, behavior: string, invert = false): Json =>
  withSteps({ type: 'Split', pattern, behavior, invert });

/** Texts of every kind, but for the two white spaces that JavaScript knows and Unicode does not, or the other way round. */
const anyTexts = (): string[] => {
  const random = randomNumbers(3);
  return Array.from({ length: 150 }, () => generatedText(random).replace(/[\u0085\ufeff]/g, ''));
};
/** Texts in which JavaScript's white space, digits and letters are Unicode's. */
const plainTexts = (): string[] =>
  anyTexts()
    .map((text) => text.replace(/[^\x20-\x7e\n\u00c0-\u024f\u4e00-\u4fff]/gu, ''))
    .filter((text) => text !== '');

const letters = { Regex: '\\p{L}+' };

const same: [string, Json, () => string[], Json?][] = [
  ['no normalizer', {}, anyTexts],
  ['NFC', { normalizer: { type: 'NFC' } }, anyTexts],
  ['NFD', { normalizer: { type: 'NFD' } }, anyTexts],
  ['NFKC', { normalizer: { type: 'NFKC' } }, anyTexts],
  ['NFKD', { normalizer: { type: 'NFKD' } }, anyTexts],
  ['Lowercase', { normalizer: { type: 'Lowercase' } }, () => anyTexts().map((text) => text.replaceAll('Σ', 'S'))],
  ['Strip', { normalizer: { type: 'Strip', strip_left: true, strip_right: true } }, plainTexts],
  ['Strip on the left', { normalizer: { type: 'Strip', strip_left: true, strip_right: false } }, plainTexts],
  ['Strip on the right', { normalizer: { type: 'Strip', strip_left: false, strip_right: true } }, plainTexts],
  [
    'StripAccents',
    { normalizer: { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] } },
    anyTexts,
  ],
  ['Replace of a text', { normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' } }, anyTexts],
  [
    'Replace of a pattern',
    { normalizer: { type: 'Replace', pattern: { Regex: ' {2,}|\\$' }, content: '$&' } },
    () =>
      anyTexts()
        .map((text) => text.replaceAll('$', ''))
        .map((text) => text.replace(/ {2,}/g, ' ')),
  ],
  ['Prepend', { normalizer: { type: 'Prepend', prepend: '▁' } }, anyTexts],
  [
    'a Sequence of normalizers',
    {
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '_' },
          { type: 'Replace', pattern: { String: 'e' }, content: 'ee' },
          { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
        ],
      },
    },
    () => anyTexts().map((text) => text.replaceAll('Σ', 'S')),
  ],
  ['ByteLevel without its pattern', { pre_tokenizer: bare }, () => anyTexts().map((text) => text.slice(0, 40))],
  ['ByteLevel with a space in front', { pre_tokenizer: { ...byteLevel, add_prefix_space: true } }, plainTexts],
  ['ByteLevel that does not say whether it puts one', { pre_tokenizer: { type: 'ByteLevel' } }, plainTexts],
  ['Split, isolated', split(letters, 'Isolated'), anyTexts],
  [
    'Split, inverted and isolated',
    split(letters, 'Isolated', true),
    () => plainTexts().map((text) => text.replace(/\P{L}+/gu, '')),
  ],
  ['Split, removed', split(letters, 'Removed'), anyTexts],
  ['Split, inverted and removed', split(letters, 'Removed', true), anyTexts],
  ['Split at a text', split({ String: '.' }, 'Isolated'), plainTexts],
  [
    'Split and ByteLevel with its pattern',
    {
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel],
      },
    },
    plainTexts,
  ],
  ['Digits, each alone', withSteps({ type: 'Digits', individual_digits: true }), plainTexts],
  ['Digits together', withSteps({ type: 'Digits', individual_digits: false }), plainTexts],
  ['Punctuation, contiguous', withSteps({ type: 'Punctuation', behavior: 'Contiguous' }), plainTexts],
  ['WhitespaceSplit', withSteps({ type: 'WhitespaceSplit' }), plainTexts],
  [
    'Whitespace',
    withSteps({ type: 'Whitespace' }),
    () => plainTexts().map((text) => text.replace(/[^\x20-\x7e]/g, '')),
  ],
  ['FixedLength', withSteps({ type: 'FixedLength', length: 5 }), plainTexts],
  [
    'three splits, as DeepSeek has them',
    withSteps(
      { type: 'Split', pattern: { Regex: '\\p{N}{1,3}' }, behavior: 'Isolated', invert: false },
      { type: 'Split', pattern: { Regex: '[一-龥\\u3040-ゟ゠-ヿ]+' }, behavior: 'Isolated', invert: false },
      {
        type: 'Split',
        pattern: {
          Regex:
            '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
        },
        behavior: 'Isolated',
        invert: false,
      },
    ),
    anyTexts,
  ],
  [
    'Split with sets within sets, as Kimi has them',
    split(
      {
        Regex:
          "[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      },
      'Isolated',
    ),
    anyTexts,
  ],
  ['ByteLevel as post-processor', { post_processor: byteLevel }, plainTexts],
  [
    'no dropout, no prefix, no fallback',
    {},
    plainTexts,
    { dropout: null, continuing_subword_prefix: '', byte_fallback: false },
  ],
  ['ignore_merges', {}, anyTexts, { ignore_merges: true }],
  ['unk_token', {}, anyTexts, { unk_token: '<|endoftext|>' }],
  [
    'truncation and padding, which are of batches',
    {
      truncation: { direction: 'Right', max_length: 4, strategy: 'LongestFirst', stride: 0 },
      padding: {
        strategy: { Fixed: 9 },
        direction: 'Right',
        pad_to_multiple_of: null,
        pad_id: 0,
        pad_type_id: 0,
        pad_token: '!',
      },
    },
    plainTexts,
  ],
];

describe('parts that give the ids of the hub', () => {
  it.each(same)('%s', async (_name, parts, texts, model) => {
    const given = files(parts, model);
    const tokenizer = await createTokenizer(given);
    const encode = hubEncoder(given);
    const compared = texts();
    expect(compared.length).toBeGreaterThan(100);
    for (const text of compared) {
      const ids = tokenizer.encode(text);
      expect([...ids], JSON.stringify(text)).toEqual(encode(text));
      expect(tokenizer.count(text)).toBe(ids.length);
      const starts = tokenizer.offsets(text);
      expect(starts.length).toBe(ids.length);
      // One expectation for all of a text: a hundred thousand of them took longer than the tokenizers.
      const wrong = starts.findIndex((start, i) => start > text.length || start < (starts[i - 1] ?? 0));
      expect(wrong, JSON.stringify(text)).toBe(-1);
    }
  });
});

const refused: [string, Json, RegExp, Json?][] = [
  [
    'Bert normalizer',
    { normalizer: { type: 'BertNormalizer' } },
    /normalizer is \{"type":"BertNormalizer"\}; gptlet knows NFC, /,
  ],
  ['Precompiled', { normalizer: { type: 'Precompiled', precompiled_charsmap: '' } }, /normalizer is .*Precompiled/],
  ['Nmt', { normalizer: { type: 'Nmt' } }, /normalizer is .*Nmt/],
  ['ByteLevel as normalizer', { normalizer: { type: 'ByteLevel' } }, /normalizer is .*ByteLevel/],
  ['a normalizer without a type', { normalizer: {} }, /normalizer is \{\}/],
  ['a normalizer that is a text', { normalizer: 'NFC' }, /normalizer is "NFC"; gptlet knows an object with a type/],
  ['a normalizer called after a method', { normalizer: { type: 'toString' } }, /normalizer is .*toString/],
  [
    'a step deep inside',
    {
      normalizer: {
        type: 'Sequence',
        normalizers: [{ type: 'NFC' }, { type: 'Sequence', normalizers: [{ type: 'Nmt' }] }],
      },
    },
    /normalizer\.normalizers\[1\]\.normalizers\[0\] is /,
  ],
  [
    'a Sequence without a list',
    { normalizer: { type: 'Sequence' } },
    /normalizer\.normalizers is undefined; gptlet knows a list/,
  ],
  ['Replace without a pattern', { normalizer: { type: 'Replace', content: '' } }, /normalizer\.pattern is undefined/],
  [
    'Replace without a content',
    { normalizer: { type: 'Replace', pattern: { String: 'a' } } },
    /normalizer\.content is undefined; gptlet knows a text/,
  ],
  ['Prepend of a number', { normalizer: { type: 'Prepend', prepend: 3 } }, /normalizer\.prepend is 3/],
  ['no pre-tokenizer', { pre_tokenizer: null }, /pre_tokenizer is null; gptlet knows Split, Digits/],
  ['Metaspace', { pre_tokenizer: { type: 'Metaspace', replacement: '▁' } }, /pre_tokenizer is .*Metaspace/],
  ['Metaspace before ByteLevel', withSteps({ type: 'Metaspace' }), /pre_tokenizer\.pretokenizers\[0\] is .*Metaspace/],
  ['UnicodeScripts', withSteps({ type: 'UnicodeScripts' }), /pre_tokenizer\.pretokenizers\[0\] is .*UnicodeScripts/],
  ['BertPreTokenizer', { pre_tokenizer: { type: 'BertPreTokenizer' } }, /pre_tokenizer is .*BertPreTokenizer/],
  [
    'a step after ByteLevel',
    { pre_tokenizer: { type: 'Sequence', pretokenizers: [byteLevel, { type: 'Digits' }] } },
    /pretokenizers\[1\] is .*with ByteLevel as the last/,
  ],
  ['ByteLevel twice', withSteps(byteLevel), /pretokenizers\[0\] is .*ByteLevel/],
  [
    'a space before each piece',
    { pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits' }, { ...bare, add_prefix_space: true }] } },
    /pretokenizers\[1\]\.add_prefix_space is true/,
  ],
  [
    'Split without a pattern',
    withSteps({ type: 'Split', behavior: 'Isolated', invert: false }),
    /pretokenizers\[0\]\.pattern is undefined; gptlet knows \{ "String": text \} and/,
  ],
  [
    'another behavior',
    split(letters, 'Upside'),
    /pretokenizers\[0\]\.behavior is "Upside"; gptlet knows Isolated, Removed, /,
  ],
  [
    'an invert that is a text',
    withSteps({ type: 'Split', pattern: letters, behavior: 'Isolated', invert: 'no' }),
    /pretokenizers\[0\]\.invert is "no"/,
  ],
  ['FixedLength of nothing', withSteps({ type: 'FixedLength', length: 0 }), /pretokenizers\[0\]\.length is 0/],
  [
    'CharDelimiterSplit without a delimiter',
    withSteps({ type: 'CharDelimiterSplit' }),
    /pretokenizers\[0\]\.delimiter is undefined/,
  ],
  [
    'another post-processor',
    { post_processor: { type: 'Other' } },
    /post_processor is \{"type":"Other"\}; gptlet knows TemplateProcessing, /,
  ],
  [
    'WordPiece as decoder',
    { decoder: { type: 'WordPiece', prefix: '##', cleanup: true } },
    /decoder is .*WordPiece.*gptlet knows ByteLevel/,
  ],
  ['Metaspace as decoder', { decoder: { type: 'Metaspace' } }, /decoder is .*Metaspace/],
  ['CTC', { decoder: { type: 'CTC' } }, /decoder is .*CTC/],
  ['BPEDecoder', { decoder: { type: 'BPEDecoder', suffix: '</w>' } }, /decoder is .*BPEDecoder/],
  [
    'Llama’s decoder over a vocabulary of bytes',
    {
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
    },
    /pre_tokenizer is .*ByteLevel.* and Metaspace alone/,
  ],
  ['WordLevel', {}, /model\.type is "WordLevel"; gptlet knows BPE/, { type: 'WordLevel' }],
  ['WordPiece', {}, /model\.type is "WordPiece"/, { type: 'WordPiece' }],
  ['Unigram', {}, /model\.type is "Unigram"/, { type: 'Unigram', vocab: [['a', 0]], merges: undefined }],
  [
    'a model that does not say its type, without merges',
    {},
    /model\.type is undefined/,
    { type: undefined, merges: undefined },
  ],
  ['dropout', {}, /model\.dropout is 0\.1/, { dropout: 0.1 }],
  ['a prefix of parts of words', {}, /model\.continuing_subword_prefix is "##"/, { continuing_subword_prefix: '##' }],
  ['another end of words', {}, /model\.end_of_word_suffix is "@@"/, { end_of_word_suffix: '@@' }],
  ['byte fallback', {}, /model\.byte_fallback is true/, { byte_fallback: true }],
  [
    'unknown ones made one',
    {},
    /model\.fuse_unk is true; gptlet knows false where there is an unk_token/,
    { fuse_unk: true, unk_token: '<unk>' },
  ],
  ['added tokens that are no list', { added_tokens: { a: 1 } }, /added_tokens is \{"a":1\}/],
  [
    'GPT-1’s tokens with another pre-tokenizer',
    { decoder: null },
    /pre_tokenizer is .*BertPreTokenizer where tokens end in "<\/w>"/,
    { end_of_word_suffix: '</w>' },
  ],
  [
    'GPT-1’s tokens with another normalizer',
    { pre_tokenizer: { type: 'BertPreTokenizer' }, decoder: null },
    /normalizer is null; gptlet knows "BertNormalizer"/,
    { end_of_word_suffix: '</w>' },
  ],
  [
    'GPT-1’s tokens with capitals',
    {
      pre_tokenizer: { type: 'BertPreTokenizer' },
      decoder: null,
      normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: false },
    },
    /normalizer\.lowercase is false; gptlet knows true/,
    { end_of_word_suffix: '</w>' },
  ],
];

describe('parts that are refused by name', () => {
  it.each(refused)('%s', async (_name, parts, message, model) => {
    await expect(createTokenizer(files(parts, model))).rejects.toMatchObject({
      code: 'BAD_TOKENIZER',
      message: expect.stringMatching(message),
    });
  });
});

/** The texts of the pieces, where a vocabulary has no merges but takes pieces that it holds whole. */
const piecesOf = async (parts: Json, text: string): Promise<string[]> => {
  const tokenizer = await createTokenizer(files(parts, { ignore_merges: true, merges: [] }));
  const starts = [...tokenizer.offsets(text)];
  return [...tokenizer.encode(text)].map((id, i) => `${starts[i]}:${tokenizer.decode([id])}`);
};

describe('parts as the hub’s Rust code has them, where its JavaScript is otherwise', () => {
  it.each([
    ['MergedWithPrevious', split({ String: 's' }, 'MergedWithPrevious'), 'asissat', ['0:as', '2:is', '4:s', '5:at']],
    ['MergedWithNext', split({ String: ' ' }, 'MergedWithNext'), 'is  at the', ['0:is', '2: ', '3: at', '6: the']],
    [
      'MergedWithNext, inverted',
      split({ String: ' ' }, 'MergedWithNext', true),
      'ab at',
      ['0:a', '1:b', '2: ', '3:at'],
    ],
    ['Contiguous', split({ String: '-' }, 'Contiguous'), 'is--at-', ['0:is', '2:--', '4:at', '6:-']],
    [
      'a look-ahead that cuts between',
      split({ Regex: '(?=\\p{Lu})' }, 'Removed'),
      'isAtThe',
      ['0:is', '2:At', '4:The'],
    ],
    [
      'CharDelimiterSplit',
      withSteps({ type: 'CharDelimiterSplit', delimiter: '-' }),
      'is-at--the',
      ['0:is', '3:at', '7:the'],
    ],
    ['Punctuation', withSteps({ type: 'Punctuation' }), 'is--at', ['0:is', '2:-', '3:-', '4:at']],
    [
      'FixedLength of characters',
      withSteps({ type: 'FixedLength', length: 2 }),
      'atisthe',
      ['0:at', '2:is', '4:th', '6:e'],
    ],
    [
      'digits of every script',
      withSteps({ type: 'Digits', individual_digits: false }),
      'is²at',
      ['0:is', '2:²', '3:at'],
    ],
    ['lower case one letter at a time', { normalizer: { type: 'Lowercase' } }, 'THE', ['0:the']],
    [
      'Strip of what Unicode calls white space',
      { normalizer: { type: 'Strip', strip_left: true, strip_right: true } },
      '\u0085 the\u3000',
      ['2:the'],
    ],
    ['Prepend', { normalizer: { type: 'Prepend', prepend: ' ' } }, 'the', ['0: the']],
  ])('%s', async (_name, parts, text, pieces) => {
    expect(await piecesOf(parts, text)).toEqual(pieces);
  });

  it('a final sigma is a sigma', async () => {
    const tokenizer = await createTokenizer(files({ normalizer: { type: 'Lowercase' } }));
    expect(tokenizer.decode(tokenizer.encode('ΟΔΟΣ İ'))).toBe('οδοσ i\u0307');
  });
});

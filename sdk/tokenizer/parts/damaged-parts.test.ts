import { describe, expect, it } from 'vitest';
import { GptletError } from '../../errors/gptlet-error.ts';
import { createTokenizer } from '../create-tokenizer.ts';
import { smallVocabulary } from '../testing/small-files.ts';

const end = smallVocabulary()['<|endoftext|>'];
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const token = { id: '<|endoftext|>', type_id: 0 };

/** A file with parts of most kinds. */
const whole = {
  added_tokens: [
    {
      id: end,
      content: '<|endoftext|>',
      special: true,
      lstrip: false,
      rstrip: true,
      single_word: true,
      normalized: true,
    },
  ],
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFC' },
      { type: 'Replace', pattern: { Regex: 'x+' }, content: 'y' },
      { type: 'Replace', pattern: { String: 'z' }, content: 'y' },
      { type: 'Strip', strip_left: true, strip_right: true },
      { type: 'Prepend', prepend: '_' },
    ],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: '\\p{L}+' }, behavior: 'MergedWithNext', invert: false },
      { type: 'Digits', individual_digits: true },
      { type: 'FixedLength', length: 3 },
      { type: 'CharDelimiterSplit', delimiter: '-' },
      byteLevel,
    ],
  },
  post_processor: {
    type: 'Sequence',
    processors: [
      byteLevel,
      {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: token }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
        special_tokens: { '<|endoftext|>': { id: '<|endoftext|>', ids: [end], tokens: ['<|endoftext|>'] } },
      },
      { type: 'RobertaProcessing', cls: ['<|endoftext|>', end], sep: ['<|endoftext|>', end] },
    ],
  },
  decoder: { type: 'Sequence', decoders: [byteLevel, { type: 'Fuse' }] },
  model: { type: 'BPE', unk_token: null, vocab: smallVocabulary(), merges: ['h e', ['l', 'l']] },
};
const config = {
  add_bos_token: false,
  add_eos_token: true,
  eos_token: { content: '<|endoftext|>' },
  added_tokens_decoder: {},
  tokenizer_class: 'x',
};

/** Every place in a value but among the vocabulary's tokens. */
function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || path.at(-1) === 'vocab') return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The value with another at a place. */
function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, replaced(Reflect.get(copy, key), rest, other));
  return copy;
}

const odd: unknown[] = [undefined, null, 5, -1.5, 'x', '', '(', [], [null], {}, { type: 'x' }, true, { length: 1 }];

describe('a file with anything in any place', () => {
  it('is a tokenizer as it stands', async () => {
    const tokenizer = await createTokenizer({ 'tokenizer.json': JSON.stringify(whole) });
    expect(tokenizer.template.before).toEqual([end, end]);
    expect(tokenizer.kind).toBe('regex');
  });

  it.each(odd.map((value) => [JSON.stringify(value), value]))(
    'is a tokenizer or a GptletError: %s',
    async (_text, value) => {
      const made = [
        ...placesIn(whole).map((path) => [path, replaced(whole, path, value), config] as const),
        ...placesIn(config).map((path) => [path, whole, replaced(config, path, value)] as const),
      ];
      expect(made.length).toBeGreaterThan(100);
      let tokenizers = 0;
      for (const [path, json, settings] of made) {
        try {
          const tokenizer = await createTokenizer({
            'tokenizer.json': JSON.stringify(json) ?? '',
            'tokenizer_config.json': JSON.stringify(settings) ?? '',
          });
          tokenizers++;
          tokenizer.decode(tokenizer.encode('hello-WORLD 12 xxz\u0301 <|endoftext|>', { allowSpecial: true }));
        } catch (error) {
          expect(GptletError.isInstance(error), `${path.join('.')}: ${error}`).toBe(true);
          expect((error as GptletError).code).toBe('BAD_TOKENIZER');
        }
      }
      expect(tokenizers).toBeGreaterThan(10);
    },
  );
});

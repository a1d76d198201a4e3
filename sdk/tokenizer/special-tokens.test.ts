import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { hubEncoder } from './testing/hub-tokenizer.ts';
import { smallFiles, smallJson, smallVocabulary } from './testing/small-files.ts';
import type { Tokenizer } from './tokenizer.ts';

const end = smallVocabulary()['<|endoftext|>'];
const added = [
  { id: end, content: '<|endoftext|>', special: true },
  { id: 300, content: '<|user|>', special: true },
  { id: 301, content: '<|user|>s', special: true },
  { id: 302, content: '<mask>', special: true, lstrip: true, rstrip: true },
  { id: 303, content: '    ', special: false },
];
const withAdded = () => createTokenizer(smallJson({ added_tokens: added }));

describe('special tokens', () => {
  it('are plain text unless allowed', async () => {
    const tokenizer = await createTokenizer(smallFiles());
    expect([...tokenizer.specialTokens]).toEqual([['<|endoftext|>', end]]);
    expect([...tokenizer.encode('<|endoftext|>')]).not.toContain(end);
    expect([...tokenizer.encode('<|endoftext|>', { allowSpecial: true })]).toEqual([end]);
    expect([...tokenizer.encode('a<|endoftext|>b', { allowSpecial: ['<|endoftext|>'] })]).toEqual([97, end, 98]);
    expect([...tokenizer.encode('a<|endoftext|>b', { allowSpecial: [] })]).toEqual([
      ...tokenizer.encode('a<|endoftext|>b'),
    ]);
    expect(tokenizer.decode(tokenizer.encode('<|endoftext|>'))).toBe('<|endoftext|>');
  });

  it('are each allowed alone, and the longest wins where two begin', async () => {
    const tokenizer = await withAdded();
    expect(tokenizer.vocabSize).toBe(304);
    expect([...tokenizer.encode('<|user|>s<|endoftext|>', { allowSpecial: true })]).toEqual([301, end]);
    expect([...tokenizer.encode('<|user|>s', { allowSpecial: ['<|user|>'] })]).toEqual([300, 115]);
  });

  it('take white space along where they say so', async () => {
    const tokenizer = await withAdded();
    expect([...tokenizer.encode('a \n<mask> b', { allowSpecial: true })]).toEqual([97, 302, 98]);
    expect([...tokenizer.encode('a<mask><mask>', { allowSpecial: ['<mask>'] })]).toEqual([97, 302, 302]);
  });

  it('are told from added tokens that are not special, which are always found', async () => {
    const tokenizer = await withAdded();
    expect([...tokenizer.encode('a    b')]).toEqual([97, 303, 98]);
    expect(tokenizer.count('a    b')).toBe(3);
    expect(tokenizer.isWithinLimit('a    b', 2)).toBe(false);
    expect(tokenizer.specialTokens.has('    ')).toBe(false);
    expect([...tokenizer.offsets('a    b')]).toEqual([0, 1, 5]);
  });

  it('are decoded as their text, or skipped', async () => {
    const tokenizer = await withAdded();
    expect(tokenizer.decode([97, 300, 98, 303])).toBe('a<|user|>b    ');
    expect(tokenizer.decode([97, 300, 98, 303], { skipSpecial: true })).toBe('ab    ');
    expect(tokenizer.decode(Uint32Array.of(end), { skipSpecial: true })).toBe('');
  });

  it('come from tokenizer_config.json and special_tokens_map.json too', async () => {
    const tokenizer = await createTokenizer({
      ...smallFiles(),
      'tokenizer_config.json': JSON.stringify({
        added_tokens_decoder: { 400: { content: '[PAD]', special: true } },
        pad_token: '[PAD]',
      }),
      'special_tokens_map.json': JSON.stringify({
        eos_token: { content: 'hello' },
        additional_special_tokens: ['[NOWHERE]'],
      }),
    });
    expect(tokenizer.specialTokens.get('[PAD]')).toBe(400);
    expect(tokenizer.specialTokens.get('hello')).toBe(smallVocabulary().hello);
    // Named, but no model id belongs to it.
    expect(tokenizer.specialTokens.has('[NOWHERE]')).toBe(false);
    expect(tokenizer.vocabSize).toBe(401);
    expect(() => tokenizer.decode([399])).toThrow(/Token id 399 at position 0/);
  });

  it('that are not there cannot be allowed', async () => {
    const tokenizer = await createTokenizer(smallFiles());
    expect(() => tokenizer.encode('a', { allowSpecial: ['<s>'] })).toThrow(
      /allowSpecial\[0\] is '<s>'.*<\|endoftext\|>/,
    );
    expect(() => tokenizer.encode('a', { allowSpecial: 'all' as never })).toThrow(/allowSpecial is 'all'/);
  });

  it('are found in linear time: half a million of them in one text', async () => {
    const tokenizer = await withAdded();
    const text = '<|user|>a<|endoftext|>'.repeat(250_000);
    expect(tokenizer.encode(text, { allowSpecial: true }).length).toBe(750_000);
  });
});

describe('thousands of added tokens', () => {
  const more = Array.from({ length: 6000 }, (_, i) => ({ id: 300 + i, content: `<unused${i}>`, special: i % 2 === 0 }));

  it('are found, the longest where several begin', async () => {
    const tokenizer = await createTokenizer(
      smallJson({ added_tokens: [...more, { id: 6300, content: '<unused1><', special: false }] }),
    );
    expect([...tokenizer.encode('<unused1><unused3>')]).toEqual([6300, ...tokenizer.encode('unused3>')]);
    expect([...tokenizer.encode('<unused1> <unused3>')]).toEqual([301, 32, 303]);
    expect([...tokenizer.encode('<unused5999>')]).toEqual([6299]);
    expect([...tokenizer.encode('<unused42>', { allowSpecial: ['<unused42>'] })]).toEqual([342]);
    expect([...tokenizer.encode('<unused42>', { allowSpecial: ['<unused44>'] })]).not.toContain(342);
  });

  it('in a text full of them', async () => {
    const tokenizer = await createTokenizer(smallJson({ added_tokens: more }));
    const text = Array.from({ length: 100_000 }, (_, i) => `<unused${(2 * i + 1) % 6000}>`).join('');
    expect(tokenizer.encode(text).length).toBe(100_000);
    expect(tokenizer.count('<'.repeat(1_000_000))).toBe(1_000_000);
  });
});

describe('added tokens as their flags say', () => {
  const flags = { special: false, single_word: false, lstrip: false, rstrip: false, normalized: false };
  const make = (more: object, normalizer: unknown = null) =>
    createTokenizer(smallJson({ added_tokens: [{ ...flags, id: 300, ...more }], normalizer }));
  const found = (tokenizer: Tokenizer, text: string): number[] =>
    [...tokenizer.offsets(text)].filter((_, i) => tokenizer.encode(text)[i] === 300);

  it('single_word is none within a word', async () => {
    const tokenizer = await make({ content: 'ab', single_word: true });
    expect(found(tokenizer, 'ab ab, xab abx a_ab ab9 éab ab')).toEqual([0, 3, 28]);
    expect(tokenizer.decode(tokenizer.encode('xab ab'))).toBe('xab ab');
  });

  it('what is a word’s is as the hub’s Rust code has it', async () => {
    const tokenizer = await make({ content: 'ab', single_word: true });
    // A letter of a number, a mark and a joiner are; a superscript and a half are not.
    expect(found(tokenizer, 'abⅷ ab\u0301 ab\u200d ab² ½ab')).toEqual([12, 17]);
  });

  it('white space beside it is what Unicode calls so', async () => {
    const tokenizer = await make({ content: '<x>', lstrip: true, rstrip: true });
    expect([...tokenizer.encode('a\u0085 <x>\u3000b')]).toEqual([97, 300, 98]);
    expect([...tokenizer.encode('\ufeff<x>')]).toEqual([0xef, 0xbb, 0xbf, 300]);
  });

  it('normalized ones are found in the normalised text, the others in the text as written', async () => {
    const lower = { type: 'Lowercase' };
    expect(found(await make({ content: 'Ab', normalized: true }, lower), 'x aB ab')).toEqual([2, 5]);
    expect(found(await make({ content: 'Ab', normalized: false }, lower), 'x Ab ab')).toEqual([2]);
    // Without a normalizer there is one text only.
    expect(found(await make({ content: 'Ab', normalized: true }), 'x Ab ab')).toEqual([2]);
    // One that is nothing when it is normalised is never found.
    const strip = { type: 'Strip', strip_left: true, strip_right: true };
    expect(found(await make({ content: ' ', normalized: true }, strip), 'a b')).toEqual([]);
    const given = smallJson({
      added_tokens: [{ ...flags, id: 300, content: 'Ab', normalized: true }],
      normalizer: lower,
    });
    expect([...(await createTokenizer(given)).encode('x aB')]).toEqual(hubEncoder(given)('x aB'));
  });
});

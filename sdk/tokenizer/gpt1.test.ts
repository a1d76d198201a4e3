import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { gpt1Reference } from './testing/gpt1-reference.ts';
import { trainGpt1 } from './testing/trained-vocabulary.ts';
import type { TokenizerFiles } from './tokenizer.ts';

const folder = '../shared/data/tokenizers/gpt1/';
const absent = !existsSync(`${folder}hub-vectors.json`);

const lesson = `The quick brown fox jumps over the lazy dog. The dog's owner, a naïve young man, didn't mind: "Why run?" he asked.
  Then the other dogs came over and over, running, jumping, sleeping; 3 dogs in 1998, 14 dogs in 2024! Привет, мир.`;
const { vocab, merges } = trainGpt1(lesson, 120);
const files: TokenizerFiles = {
  'vocab.json': JSON.stringify(vocab),
  'merges.txt': `#version: 0.2\n${merges.join('\n')}\n`,
};
const reference = gpt1Reference(vocab, merges);

describe('GPT-1', () => {
  it.skipIf(absent)("gives the ids of the hub's own tokenizer (needs ../shared/data)", async () => {
    const tokenizer = await createTokenizer({
      'vocab.json': readFileSync(`${folder}encoder_bpe_40000.json`),
      'merges.txt': readFileSync(`${folder}vocab_40000.bpe`),
    });
    expect(tokenizer.kind).toBe('gpt1');
    expect(tokenizer.vocabSize).toBe(40478);
    const vectors = JSON.parse(readFileSync(`${folder}hub-vectors.json`, 'utf8')) as { text: string; ids: number[] }[];
    expect(vectors.length).toBeGreaterThan(1000);
    for (const { text, ids } of vectors) expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(ids);
  });

  it('gives the ids of a slow reference for 3000 generated strings', async () => {
    const tokenizer = await createTokenizer(files);
    const random = randomNumbers(1);
    for (let i = 0; i < 3000; i++) {
      const text = generatedText(random);
      expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(reference(text));
    }
  });

  it('gives the same ids for a text of many chunks', async () => {
    const tokenizer = await createTokenizer(files);
    const random = randomNumbers(2);
    let text = '';
    while (text.length < 100_000) text += ` ${generatedText(random)}`;
    expect([...tokenizer.encode(text)]).toEqual(reference(text));
  });

  it('decodes words with single spaces between and none at the ends', async () => {
    const tokenizer = await createTokenizer(files);
    expect(tokenizer.decode(tokenizer.encode('  The DOG  jumps,\nnaïve '))).toBe('the dog jumps , naive');
    expect(tokenizer.decode(tokenizer.encode('The ☃'))).toBe('the <unk>');
    expect(tokenizer.decode([])).toBe('');
  });

  it('streams what decoding at once gives', async () => {
    const tokenizer = await createTokenizer(files);
    const ids = tokenizer.encode('The lazy dog, the quick fox.');
    const decoder = tokenizer.decoder();
    const parts = [...ids].map((id) => decoder.push(id));
    expect(parts.join('') + decoder.flush()).toBe(tokenizer.decode(ids));
    // A space waits for the word after it.
    expect(parts.some((part) => part.endsWith(' '))).toBe(false);
  });

  it('knows where in the text every token starts', async () => {
    const tokenizer = await createTokenizer(files);
    const text = 'The dog,\u0001 naı\u0308ve\u0301 İfox 中dog';
    const starts = [...tokenizer.offsets(text)];
    const ids = tokenizer.encode(text);
    expect(starts.length).toBe(ids.length);
    const startOf = (word: string): number => starts[[...ids].indexOf(vocab[`${word}</w>`])];
    expect(startOf('the')).toBe(0);
    expect(startOf('dog')).toBe(4);
    expect(startOf(',')).toBe(7);
    expect(starts.at(-1)).toBe(text.lastIndexOf('dog'));
    expect(starts).toContain(text.indexOf('中'));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('refuses a byte-level kind for its files, and its kind for byte-level files', async () => {
    await expect(createTokenizer(files, { kind: 'gpt2' })).rejects.toMatchObject({ code: 'BAD_TOKENIZER' });
    const other = { 'vocab.json': '{"a":0,"b":1,"ab":2}', 'merges.txt': 'a b\n' };
    await expect(createTokenizer(other, { kind: 'gpt1' })).rejects.toMatchObject({ code: 'BAD_TOKENIZER' });
  });

  it('reads a tokenizer.json too', async () => {
    const json = {
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      decoder: { type: 'BPEDecoder', suffix: '</w>' },
      model: { type: 'BPE', unk_token: '<unk>', end_of_word_suffix: '</w>', vocab, merges },
    };
    const tokenizer = await createTokenizer({ 'tokenizer.json': JSON.stringify(json) });
    const text = 'The quick naïve fox ☃ jumps!';
    expect([...tokenizer.encode(text)]).toEqual(reference(text));
    expect(tokenizer.specialTokens.get('<unk>')).toBe(0);
  });
});

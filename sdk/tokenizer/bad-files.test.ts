import { describe, expect, it } from 'vitest';
import { GptletError } from '../errors/gptlet-error.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { smallFiles, smallJson, smallMerges, smallVocabulary } from './testing/small-files.ts';
import type { TokenizerFiles } from './tokenizer.ts';

const vocabText = JSON.stringify(smallVocabulary());
const mergesText = `${smallMerges.join('\n')}\n`;
const pair = (vocab: string, merges: string): TokenizerFiles => ({ 'vocab.json': vocab, 'merges.txt': merges });
const withEntry = (entry: string): string => `${vocabText.slice(0, -1)},${entry}}`;

/** Files that are wrong → what the message must say. */
const broken: [string, TokenizerFiles, RegExp][] = [
  ['no file', {}, /needs tokenizer\.json, or vocab\.json and merges\.txt; there is no file/],
  ['a vocabulary without merges', { 'vocab.json': vocabText }, /there is vocab\.json/],
  ['an empty vocabulary file', pair('', mergesText), /vocab\.json is not JSON/],
  ['a truncated vocabulary', pair(vocabText.slice(0, 1500), mergesText), /vocab\.json is not JSON/],
  ['a vocabulary with something behind it', pair(`${vocabText}]`, mergesText), /vocab\.json is not JSON/],
  ['a list for a vocabulary', pair('["a"]', ''), /vocab\.json holds \["a"\] where an object is expected/],
  ['a bad escape', pair(withEntry('"\\q":999'), mergesText), /vocab\.json is not JSON/],
  ['a fraction for an id', pair(withEntry('"zz":1.5'), mergesText), /"zz" the id 1\.5/],
  ['a negative id', pair(withEntry('"zz":-1'), mergesText), /"zz" the id -1/],
  ['a text for an id', pair(withEntry('"zz":"7"'), mergesText), /"zz" the id "7"/],
  ['a huge id', pair(withEntry('"zz":99999999999'), mergesText), /"zz" the id 99999999999/],
  ['an id far beyond', pair(withEntry('"zz":2000000'), mergesText), /\d tokens but an id of 2000000/],
  ['one id for two tokens', pair(withEntry('"zz":5'), mergesText), /token "zz" has the id 5 or the text of another/],
  [
    'a token twice but for a lone surrogate',
    pair(withEntry('"\\ud800":998,"\\ud801":999'), mergesText),
    /the id 999 or the text/,
  ],
  ['a token with a zero character', pair(withEntry('"z\\u0000":999'), mergesText), /"z\\u0000"/],
  ['a token of 40,000 letters', pair(withEntry(`"${'z'.repeat(40_000)}":999`), mergesText), /longer than 32766 bytes/],
  ['a merge of one token', pair(vocabText, 'h e\nll\n'), /Line 2 of the merges is not two tokens/],
  ['a merge of three tokens', pair(vocabText, 'h e l\n'), /Line 1 of the merges is not two tokens/],
  [
    'an unknown first piece',
    pair(vocabText, 'h e\nzzz e\n'),
    /Line 2 of the merges begins with what the vocabulary lacks/,
  ],
  ['an unknown second piece', pair(vocabText, 'h zzz\n'), /Line 1 of the merges ends with what the vocabulary lacks/],
  ['an unknown result', pair(vocabText, 'h e\n\r\nz z\r\n'), /Line 3 of the merges makes what the vocabulary lacks/],
  ['a tokenizer.json that is no JSON', { 'tokenizer.json': '{"model":' }, /tokenizer\.json is not JSON/],
  ['a tokenizer.json without a model', { 'tokenizer.json': '{}' }, /model is undefined where an object is expected/],
  ['a unigram model', smallJson({}, { type: 'Unigram' }), /model\.type is "Unigram"; gptlet knows BPE/],
  ['byte fallback', smallJson({}, { byte_fallback: true }), /byte_fallback/],
  ['a merge that is a number', smallJson({}, { merges: [7] }), /Line 1 of the merges is not two tokens/],
  [
    'an unknown normalizer',
    smallJson({ normalizer: { type: 'Nmt' } }),
    /normalizer is \{"type":"Nmt"\}; gptlet knows NFC, /,
  ],
  ['an unknown pre-tokenizer', smallJson({ pre_tokenizer: { type: 'Metaspace' } }), /Metaspace/],
  [
    'an unknown pattern',
    smallJson({
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: '(\\w)\\1' }, behavior: 'Isolated', invert: false },
          { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
        ],
      },
    }),
    /pre_tokenizer\.pretokenizers\[0\]\.pattern\.Regex is .*: \\1/,
  ],
  ['an added token without text', smallJson({ added_tokens: [{ id: 300 }] }), /added token without text/],
  ['an added token with a bad id', smallJson({ added_tokens: [{ id: -1, content: '<x>' }] }), /"<x>" the id -1/],
  ['an added token on a taken id', smallJson({ added_tokens: [{ id: 5, content: '<x>' }] }), /"<x>" has the id 5/],
  [
    'config files that contradict each other',
    {
      ...smallJson({ added_tokens: [{ id: 300, content: '<x>', special: true }] }),
      'tokenizer_config.json': '{"added_tokens_decoder":{"301":{"content":"<x>"}}}',
    },
    /ids 300 and 301/,
  ],
];

describe('broken files', () => {
  it.each(broken)('%s', async (_name, files, message) => {
    const error = await createTokenizer(files).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(GptletError.isInstance(error), String(error)).toBe(true);
    expect((error as GptletError).code).toBe('BAD_TOKENIZER');
    expect((error as GptletError).message).toMatch(message);
  });

  it('do not hinder good ones afterwards', async () => {
    await expect(createTokenizer(pair('{', ''))).rejects.toThrow();
    const tokenizer = await createTokenizer(smallFiles());
    expect(tokenizer.decode(tokenizer.encode('hello world'))).toBe('hello world');
  });

  it('of the wrong type are invalid options', async () => {
    const code = { code: 'INVALID_OPTION' };
    await expect(createTokenizer(null as never)).rejects.toMatchObject(code);
    await expect(createTokenizer({ 'vocab.json': 5 as never, 'merges.txt': '' })).rejects.toMatchObject(code);
    await expect(createTokenizer(smallFiles(), { kind: 'gpt9' as never })).rejects.toThrow(
      /kind is 'gpt9'; it must be 'gpt1', /,
    );
  });

  it('survive random damage: a tokenizer or a GptletError, never anything else', async () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let i = 0; i < 400; i++) {
      const files = pair(vocabText, mergesText);
      const name = random(2) ? 'vocab.json' : 'merges.txt';
      const bytes = new TextEncoder().encode(files[name] as string);
      for (let hits = 1 + random(4); hits > 0; hits--) bytes[random(bytes.length)] = random(256);
      files[name] = random(3) ? bytes : bytes.slice(0, random(bytes.length));
      try {
        const tokenizer = await createTokenizer(files);
        tokenizer.encode('hello world, hello');
      } catch (error) {
        expect(GptletError.isInstance(error), String(error)).toBe(true);
      }
    }
  });
});

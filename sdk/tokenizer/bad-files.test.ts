import { describe, expect, it } from 'vitest';
import { GptletError } from '../api/errors.ts';
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
  ['an empty vocabulary file', pair('', mergesText), /not a JSON object.*byte 0/],
  ['a truncated vocabulary', pair(vocabText.slice(0, 1500), mergesText), /not a JSON object/],
  ['a vocabulary with something behind it', pair(`${vocabText}]`, mergesText), /not a JSON object/],
  ['a list for a vocabulary', pair('["a"]', ''), /not a JSON object/],
  ['a bad escape', pair(withEntry('"\\q":999'), mergesText), /not a JSON object/],
  ['a fraction for an id', pair(withEntry('"zz":1.5'), mergesText), /bad id at byte/],
  ['a negative id', pair(withEntry('"zz":-1'), mergesText), /bad id at byte/],
  ['a text for an id', pair(withEntry('"zz":"7"'), mergesText), /bad id at byte/],
  ['a huge id', pair(withEntry('"zz":99999999999'), mergesText), /bad id at byte/],
  ['an id far beyond', pair(withEntry('"zz":2000000'), mergesText), /far beyond/],
  ['one id for two tokens', pair(withEntry('"zz":5'), mergesText), /the id 5 to two tokens/],
  ['one token twice', pair(withEntry('"hello":999'), mergesText), /token with id 999 .* twice/],
  ['a merge of one token', pair(vocabText, 'h e\nll\n'), /Line 2 of the merges is not two tokens/],
  ['a merge of three tokens', pair(vocabText, 'h e l\n'), /Line 1 of the merges is not two tokens/],
  ['an unknown first piece', pair(vocabText, 'h e\nzzz e\n'), /first token in line 2 of the merges/],
  ['an unknown second piece', pair(vocabText, 'h zzz\n'), /second token in line 1/],
  ['an unknown result', pair(vocabText, 'h e\n\r\nz z\r\n'), /What line 3 of the merges merge to/],
  ['a tokenizer.json that is no JSON', { 'tokenizer.json': '{"model":' }, /tokenizer\.json is not JSON/],
  ['a tokenizer.json without a model', { 'tokenizer.json': '{}' }, /BPE model/],
  ['a unigram model', smallJson({}, { type: 'Unigram' }), /type "Unigram"/],
  ['byte fallback', smallJson({}, { byte_fallback: true }), /byte_fallback/],
  ['a merge that is a number', smallJson({}, { merges: [7] }), /Merge 0 in tokenizer\.json is 7/],
  ['an unknown normalizer', smallJson({ normalizer: { type: 'Lowercase' } }), /normalizer.*Lowercase/],
  ['an unknown pre-tokenizer', smallJson({ pre_tokenizer: { type: 'Metaspace' } }), /Metaspace/],
  [
    'an unknown pattern',
    smallJson({
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: '\\w+' }, behavior: 'Isolated', invert: false },
          { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
        ],
      },
    }),
    /pattern "\\\\w\+", which gptlet does not know/,
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
      /kind is "gpt9"; it must be one of/,
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

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import { newTokens, vocabularyWith, withNewTokens } from './new-tokens.ts';

const file = (name: string): Uint8Array => Uint8Array.from(readFileSync(`models/default/${name}`));

it('gives a tokenizer tokens after its last, each once', async () => {
  const files = { 'tokenizer.json': file('tokenizer.json'), 'tokenizer_config.json': file('tokenizer_config.json') };
  const tokenizer = await createTokenizer(files);
  const names = ['<|begin|>', '<|extract|>', '<|and|>', undefined, '<|begin|>'];
  const added = newTokens(names, tokenizer);
  const { vocabSize } = tokenizer;
  expect([...added]).toEqual([
    ['<|begin|>', vocabSize],
    ['<|and|>', vocabSize + 1],
  ]);
  const after = await createTokenizer(withNewTokens(files, added));
  expect(after.vocabSize).toBe(vocabSize + 2);
  expect(after.specialTokens.get('<|and|>')).toBe(vocabSize + 1);
  const text = 'One day<|begin|>and';
  expect(after.encode(text)).toEqual(tokenizer.encode(text));
  expect([...after.encode(text, { allowSpecial: true })]).toContain(vocabSize);
  expect(JSON.parse(new TextDecoder().decode(withNewTokens(files, added)['tokenizer_config.json']))).toMatchObject({
    add_prefix_space: false,
    added_tokens_decoder: { [vocabSize]: { content: '<|begin|>', special: true } },
  });
});

it('takes rows that a model has too many first', () => {
  const tokens = new Map([['<a>', 300]]);
  expect(vocabularyWith(tokens, { vocabSize: 512 } as never)).toBe(512);
  expect(vocabularyWith(tokens, { vocabSize: 300 } as never)).toBe(301);
  expect(vocabularyWith(new Map(), { vocabSize: 300 } as never)).toBe(300);
});

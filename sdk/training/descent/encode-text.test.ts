import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import { Pacer } from '../pacer.ts';
import { encodeText } from './encode-text.ts';

it('encodes a long text as it would whole, in turns', async () => {
  const tokenizer = await createTokenizer({ 'tokenizer.json': readFileSync('models/default/tokenizer.json') });
  const text = readFileSync('README.md', 'utf8').repeat(12);
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const tokenIds = await encodeText(text, tokenizer, new Pacer(new AbortController().signal));
  clearInterval(timer);
  expect(tokenIds).toEqual(tokenizer.encode(text, { addSpecial: false }));
  expect(turns).toBeGreaterThan(1);
  expect(await encodeText('', tokenizer, new Pacer(new AbortController().signal))).toHaveLength(0);
});

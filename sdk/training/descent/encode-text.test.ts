import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import { Pacer } from '../pacer.ts';
import { encodeText } from './encode-text.ts';

it('encodes a long text as it would whole, in turns', async () => {
  const tokenizer = await createTokenizer({ 'tokenizer.json': readFileSync('models/default/tokenizer.json') });
  const text = readFileSync('README.md', 'utf8').repeat(12);
  const pacer = new Pacer(new AbortController().signal);
  const looks = vi.spyOn(pacer, 'isDue', 'get');
  const tokenIds = await encodeText(text, tokenizer, pacer);
  expect(tokenIds).toEqual(tokenizer.encode(text, { addSpecial: false }));
  // How many turns come of it, the clock says.
  expect(looks.mock.calls.length).toBeGreaterThan(2);
  expect(await encodeText('', tokenizer, new Pacer(new AbortController().signal))).toHaveLength(0);
});

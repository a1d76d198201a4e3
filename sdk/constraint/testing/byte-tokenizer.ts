import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

/** Where the single bytes end and the longer tokens begin. */
const LONGER = [
  'true',
  'false',
  'null',
  '":',
  '": ',
  '", "',
  '","',
  '{"',
  '"}',
  '},',
  '[{',
  ']}',
  'yes',
  'no',
  'ab',
  'abc',
];
const MORE = [
  ' the',
  '12',
  '345',
  '0.',
  'e1',
  '-1',
  'é',
  '日本',
  '\\n',
  '\\u00',
  '\\"',
  'name',
  'id"',
  'x',
  '20',
  '-0',
  '1-1',
];

/** End-of-text of {@link byteTokenizer}; its bytes would be text. */
export const EOS = 256;

/** A vocabulary for tests: all bytes, end-of-text, some longer tokens (one of them twice), one half character, a hole. */
export function byteTokenizer(): Tokenizer {
  const encoder = new TextEncoder();
  const tokens: (Uint8Array | undefined)[] = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  tokens.push(encoder.encode('<eos>'));
  for (const text of [...LONGER, ...MORE, 'abc']) tokens.push(encoder.encode(text));
  tokens.push(encoder.encode('日').subarray(0, 2), undefined);
  return {
    vocabSize: tokens.length,
    specialTokens: new Map([['<eos>', EOS]]),
    decodeBytes: (ids: ArrayLike<number>): Uint8Array => {
      const parts = Array.from(ids, (id) => {
        const bytes = tokens[id];
        if (!bytes) throw new Error(`no token ${id}`);
        return [...bytes];
      });
      return Uint8Array.from(parts.flat());
    },
  } as unknown as Tokenizer;
}

import { beforeAll, describe, expect, it } from 'vitest';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import { byteToken, mark, smallText, textJson, textParts } from '../tokenizer/testing/sentencepiece-files.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { ConstraintService } from './constraint-service.ts';
import { type VocabularyBytes, vocabularyBytes } from './vocabulary-bytes.ts';

const bytesOf = ({ bytes, ends }: VocabularyBytes, id: number): number[] => [
  ...bytes.subarray(ends[id - 1] ?? 0, ends[id]),
];
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

/** A bit of a mask. */
const allows = (mask: Uint32Array | undefined, id: number): boolean =>
  ((mask?.[id >>> 5] ?? 0) >>> (id & 31)) % 2 === 1;

describe('the bytes of SentencePiece’s tokens', () => {
  const { tokens } = smallText;
  let vocabulary: VocabularyBytes;
  beforeAll(async () => {
    // Llama 2's decoding takes away the first space of a text: of a token within a text it is part.
    vocabulary = vocabularyBytes(await createTokenizer(textJson(textParts.llama)));
  });

  it('are a blank for U+2581, the byte for <0x00> to <0xFF>, none for special tokens, and UTF-8 for all else', () => {
    expect(vocabulary.ends.length).toBe(tokens.length);
    tokens.forEach((token, id) => {
      const byte = /^<0x(..)>$/.exec(token)?.[1];
      const text = ['<unk>', '<s>', '</s>'].includes(token) ? '' : token.replaceAll(mark, ' ');
      expect(bytesOf(vocabulary, id), token).toEqual(byte ? [Number.parseInt(byte, 16)] : utf8(text));
    });
  });

  it('are what a constraint goes by', () => {
    const service = new ConstraintService(vocabulary);
    const { id, step } = service.open({ choices: [' the fox', ' the €'] }, [2], 50);
    const allowed = (): string[] => tokens.filter((_, token) => allows(step.mask, token));
    expect(allowed()).toEqual(expect.arrayContaining([`${mark}the`, mark, byteToken(0x20)]));
    expect(allowed()).not.toContain('the');
    const next = service.accept(id, [tokens.indexOf(`${mark}the`), tokens.indexOf(mark)], 48);
    expect(allows(next.mask, tokens.indexOf(byteToken(0xe2)))).toBe(true);
    expect(allows(next.mask, tokens.indexOf(byteToken(0x82)))).toBe(false);
    const euro = service.accept(
      id,
      [0xe2, 0x82, 0xac].map((byte) => tokens.indexOf(byteToken(byte))),
      45,
    );
    expect(euro.mask === undefined || allows(euro.mask, 2)).toBe(true);
  });
});

describe('a vocabulary of 262,144 tokens', () => {
  const size = 1 << 18;
  let tokenizer: Tokenizer;
  const word = (id: number): string => `${mark}${id.toString(36)}`;
  beforeAll(async () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
    const tokens = [...bytes, ...Array.from({ length: size - 256 }, (_, i) => word(i + 256))];
    const model = {
      type: 'BPE',
      unk_token: null,
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [],
    };
    tokenizer = await createTokenizer({ 'tokenizer.json': JSON.stringify({ ...textParts.gemma, model }) });
  }, 60_000);

  it('is walked as a small one is', () => {
    const vocabulary = vocabularyBytes(tokenizer);
    expect(vocabulary.ends.length).toBe(size);
    for (const id of [256, 1000, size - 1]) expect(bytesOf(vocabulary, id)).toEqual(utf8(word(id).replace(mark, ' ')));
    const service = new ConstraintService(vocabulary);
    const { step } = service.open({ regex: ' 5[a-z]{3}' }, [0], 20);
    const expected = Array.from({ length: size }, (_, id) => id).filter(
      (id) => id === 0x20 || (id >= 256 && /^5[a-z]{0,3}$/.test(id.toString(36))),
    );
    expect(Array.from({ length: size }, (_, id) => id).filter((id) => allows(step.mask, id))).toEqual(expected);
  }, 60_000);
});

import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { smallFiles, smallVocabulary } from './testing/small-files.ts';

const vocab = smallVocabulary();
const make = () => createTokenizer(smallFiles());

describe('encoding', () => {
  it('merges in the order of the merges', async () => {
    const tokenizer = await make();
    expect(tokenizer.kind).toBe('gpt2');
    expect([...tokenizer.encode('hello world é')]).toEqual([vocab.hello, vocab['Ġworld'], 32, vocab['Ã©']]);
    expect([...tokenizer.encode('')]).toEqual([]);
    expect(tokenizer.count('')).toBe(0);
  });

  it('takes a lone surrogate for U+FFFD', async () => {
    const tokenizer = await make();
    expect(tokenizer.decode(tokenizer.encode('a\ud800b\udfff'))).toBe('a\ufffdb\ufffd');
    expect(tokenizer.decode(tokenizer.encode('😀'))).toBe('😀');
  });

  it('refuses what is no string', async () => {
    const tokenizer = await make();
    for (const text of [undefined, null, 5, ['a']]) {
      expect(() => tokenizer.encode(text as never)).toThrow(/text is .*; it must be a text/);
    }
  });

  it('says when a text has a byte that the vocabulary lacks', async () => {
    const tokenizer = await createTokenizer({ 'vocab.json': '{"a":0,"b":1,"ab":2}', 'merges.txt': 'a b\n' });
    expect([...tokenizer.encode('abba')]).toEqual([2, 1, 0]);
    expect(() => tokenizer.encode('abc')).toThrow(/no token for the byte 0x63/);
    expect(() => tokenizer.encode('abc'), 'a second time').toThrow(/no token for the byte 0x63/);
    expect([...tokenizer.encode('ab')]).toEqual([2]);
  });

  it('keeps to a limit', async () => {
    const tokenizer = await make();
    const random = randomNumbers(4);
    for (let i = 0; i < 300; i++) {
      const text = generatedText(random);
      const count = tokenizer.count(text);
      expect(tokenizer.isWithinLimit(text, count)).toBe(true);
      if (count > 0) expect(tokenizer.isWithinLimit(text, count - 1)).toBe(false);
    }
    const long = 'word '.repeat(300_000);
    expect(tokenizer.isWithinLimit(long, tokenizer.count(long))).toBe(true);
    expect(tokenizer.isWithinLimit(long, tokenizer.count(long) - 1)).toBe(false);
    expect(tokenizer.isWithinLimit(long, Infinity)).toBe(true);
    for (const limit of [-1, 1.5, Number.NaN, '3']) {
      expect(() => tokenizer.isWithinLimit('a', limit as never)).toThrow(/limit is .*whole number/);
    }
  });

  it('encodes and decodes batches', async () => {
    const tokenizer = await make();
    const texts = ['hello', '', ' world'];
    expect(tokenizer.decodeBatch(tokenizer.encodeBatch(texts))).toEqual(texts);
  });
});

describe('offsets', () => {
  it('are the UTF-16 starts of the tokens', async () => {
    const tokenizer = await make();
    expect([...tokenizer.offsets('hello world é')]).toEqual([0, 5, 11, 12]);
    // Four bytes, four tokens, one character of two units.
    expect([...tokenizer.offsets('a😀b')]).toEqual([0, 1, 1, 1, 1, 3]);
  });

  it('cut any text into its tokens', async () => {
    const tokenizer = await make();
    const random = randomNumbers(6);
    for (let i = 0; i < 300; i++) {
      const text = generatedText(random);
      const ids = tokenizer.encode(text);
      const starts = tokenizer.offsets(text);
      expect(starts.length).toBe(ids.length);
      let units = 0;
      for (let at = 0; at < ids.length; at++) {
        const before = new TextEncoder().encode(text.slice(0, starts[at])).length;
        const bytes = tokenizer.decodeBytes(ids.subarray(0, at)).length;
        // The character that the token starts with or in.
        expect(before <= bytes && bytes < before + 4, JSON.stringify(text)).toBe(true);
        expect(starts[at]).toBeGreaterThanOrEqual(units);
        units = starts[at];
      }
    }
  });

  it('go on across chunks', async () => {
    const tokenizer = await make();
    const text = 'hello wörld 😀 '.repeat(30_000);
    const starts = tokenizer.offsets(text);
    const once = tokenizer.offsets('hello wörld 😀 '.repeat(2));
    expect(starts.length).toBe((once.length / 2) * 30_000);
    expect(starts.at(-1)).toBe(text.length - 1);
  });
});

describe('decoding', () => {
  it('gives bytes, also of half a character', async () => {
    const tokenizer = await make();
    expect([...tokenizer.decodeBytes([240, 159])]).toEqual([240, 159]);
    expect(tokenizer.decode([240, 159])).toBe('\ufffd');
    expect(tokenizer.decode([0xef, 0xbb, 0xbf, 97])).toBe('\ufeffa');
  });

  it('says which id is unknown', async () => {
    const tokenizer = await make();
    for (const id of [-1, 1.5, 99999, Number.NaN, 2 ** 32]) {
      expect(() => tokenizer.decode([97, id])).toThrow(
        /Token id .* at position 1 is not in the vocabulary; ids are whole numbers from 0 to \d+/,
      );
    }
    expect(() => tokenizer.decodeBytes(Uint32Array.of(97, 99999))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    expect(tokenizer.decode([97])).toBe('a');
  });

  it('joins characters that chunks would cut', async () => {
    const tokenizer = await make();
    for (const lead of ['', 'a', 'ab', 'abc']) {
      const text = lead + '😀中é'.repeat(9000);
      expect(tokenizer.decode(tokenizer.encode(text)) === text).toBe(true);
    }
    const broken = new Uint32Array(50_000).fill(0xf0);
    expect(tokenizer.decode(broken) === '\ufffd'.repeat(50_000)).toBe(true);
  });
});

describe('the stream decoder', () => {
  it('never gives half a character and loses nothing', async () => {
    const tokenizer = await make();
    const random = randomNumbers(10);
    for (let i = 0; i < 300; i++) {
      const text = generatedText(random);
      const ids = tokenizer.encode(text);
      const decoder = tokenizer.decoder();
      let streamed = '';
      for (const id of ids) {
        const part = decoder.push(id);
        expect(part).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
        streamed += part;
      }
      expect(streamed + decoder.flush()).toBe(tokenizer.decode(ids));
    }
  });

  it('gives U+FFFD for what never became whole, and starts anew after a flush', async () => {
    const tokenizer = await make();
    const decoder = tokenizer.decoder();
    expect([240, 159, 152].map((id) => decoder.push(id)).join('')).toBe('');
    expect(decoder.flush()).toBe('\ufffd');
    expect(decoder.push(97)).toBe('a');
    expect(() => decoder.push(99999)).toThrow(/Token id 99999/);
  });
});

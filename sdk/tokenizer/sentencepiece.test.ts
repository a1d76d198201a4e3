// Tokenizers like SentencePiece's: BPE over characters, blanks as U+2581, bytes for what no token has. The hub's own JavaScript
// says what is right; where it is not what the hub's Rust code does, the test says so.
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { importRareText } from './import-rare-text.ts';
import { restoreTokenizer, snapshotTokenizer } from './snapshot.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { hubTokenizer, wellFormed } from './testing/hub-tokenizer.ts';
import { byteToken, mark, smallText, steps, textJson, textParts } from './testing/sentencepiece-files.ts';
import type { Tokenizer, TokenizerFiles } from './tokenizer.ts';

const { llama, gemma, metaspace } = textParts;
const { tokens } = smallText;
const bare = { addSpecial: false };

/** Generated texts, and such as the small vocabulary has tokens for. */
function texts(seed = 1): string[] {
  const random = randomNumbers(seed);
  const pieces = [
    'the',
    ' quick',
    '  dogs',
    mark,
    `${mark}over`,
    ' ',
    '   ',
    '\n\n',
    '\n',
    '> <',
    '>  <',
    '> ',
    'мир',
    '日本',
    'é',
  ];
  const own = (): string => Array.from({ length: 1 + random(8) }, () => pieces[random(pieces.length)]).join('');
  return Array.from({ length: 300 }, (_, i) =>
    i % 2 ? generatedText(random) : own() + (random(3) ? '' : generatedText(random)),
  );
}

async function expectAsHub(files: TokenizerFiles, given = texts(), config: object = {}): Promise<Tokenizer> {
  const tokenizer = await createTokenizer(files);
  const hub = hubTokenizer(files, config);
  expect(tokenizer.kind).toBe('sentencepiece');
  for (const text of given) {
    const ids = [...tokenizer.encode(text, { allowSpecial: true, ...bare })];
    expect(ids, JSON.stringify(text)).toEqual(hub.encode(wellFormed(text), { add_special_tokens: false }).ids);
    expect(tokenizer.count(text, { allowSpecial: true, ...bare })).toBe(ids.length);
    if (ids.length === 0) continue;
    // The hub's code drops U+FEFF from bytes.
    if (!text.includes('\ufeff')) expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(hub.decode(ids));
    expect(streamed(tokenizer, ids)).toBe(tokenizer.decode(ids));
  }
  return tokenizer;
}

function streamed(tokenizer: Tokenizer, ids: readonly number[]): string {
  const decoder = tokenizer.decoder();
  return ids.map((id) => decoder.push(id)).join('') + decoder.flush();
}

/** Ids of tokens by their texts. */
const idsOf = (...wanted: string[]): number[] => wanted.map((token) => tokens.indexOf(token));

describe('ids and texts as the hub has them', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['Llama 2: Prepend and Replace', llama],
    ['Gemma: Replace, and a Split that finds nothing', gemma],
    ['Metaspace, a space before the first piece of text', metaspace],
    [
      'Metaspace, a space before every piece',
      { ...metaspace, pre_tokenizer: { ...steps.metaspace, prepend_scheme: 'always' } },
    ],
    ['Metaspace, no space', { ...metaspace, pre_tokenizer: { ...steps.metaspace, prepend_scheme: 'never' } }],
    [
      'a Split beside Replace',
      { ...gemma, pre_tokenizer: { ...steps.split, pattern: { Regex: '\\d' }, behavior: 'Isolated' } },
    ],
    ['NFKC before', { ...gemma, normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, steps.replace] } }],
    [
      'NFC after Replace',
      { ...gemma, normalizer: { type: 'Sequence', normalizers: [steps.replace, { type: 'NFC' }] } },
    ],
    ['ignore_merges', llama, { ignore_merges: true }],
    ['no unknown token', llama, { unk_token: null, fuse_unk: false }],
  ])('%s', async (_name, parts, model) => {
    await expectAsHub(textJson(parts, model));
  });

  it('unknown tokens where bytes have none, each alone or those in a row as one', async () => {
    const decoder = { type: 'Sequence', decoders: [steps.back, steps.fuse] };
    for (const fuse of [true, false]) {
      const files = textJson({ ...gemma, decoder }, { byte_fallback: false, fuse_unk: fuse });
      const tokenizer = await expectAsHub(files);
      const unknown = tokens.indexOf('<unk>');
      const ids = [...tokenizer.encode('the€€€ fox', bare)];
      expect(ids.filter((id) => id === unknown)).toHaveLength(fuse ? 1 : 3);
      const starts = [...tokenizer.offsets('the€€€ fox', bare)];
      expect(starts.at(-1)).toBe(6);
    }
  });

  it('bytes only where a character has all of them', async () => {
    const vocab = Object.fromEntries(
      tokens.map((token, id) => [token, id]).filter(([token]) => token !== byteToken(0xac)),
    );
    const tokenizer = await expectAsHub(textJson(gemma, { vocab }));
    // € is e2 82 ac, ¢ is c2 a2.
    expect([...tokenizer.encode('€¢')]).toEqual(idsOf('<unk>', byteToken(0xc2), byteToken(0xa2)));
  });

  it('a template, and added tokens that are not special', async () => {
    const files = textJson({
      ...gemma,
      added_tokens: [
        { id: 1, content: '<s>', special: true, normalized: false },
        { id: tokens.indexOf('\n\n'), content: '\n\n', special: false, normalized: false },
        { id: 900, content: '<table>', special: false, normalized: false },
        { id: 901, content: `a${mark}b`, special: false, normalized: false },
      ],
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
        special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
      },
    });
    const tokenizer = await expectAsHub(files, [...texts(), '<table>\n\n<s>', `a${mark}b`, '\n\n\n', 'x<table>y']);
    // The hub's JavaScript takes a text for a token that is the same once the text is normalised.
    expect([...tokenizer.encode('a b', bare)]).not.toContain(901);
    expect([...tokenizer.encode('the')]).toEqual([1, ...tokenizer.encode('the', bare)]);
    expect(tokenizer.decode([901, 900])).toBe('a b<table>');
  });

  const flags = { special: false, single_word: false, lstrip: false, rstrip: false };
  const withFlags = (parts: Record<string, unknown>, normalized: boolean): TokenizerFiles =>
    textJson({
      ...parts,
      added_tokens: [
        { id: 900, content: '<a>', ...flags, normalized },
        { id: 901, content: '<left>', ...flags, normalized, lstrip: true },
        { id: 902, content: '<right>', ...flags, normalized, rstrip: true },
        { id: 903, content: '<special>', ...flags, normalized, special: true },
      ],
    });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['in the text as written, Llama 2', llama, false],
    ['in the text as written, Gemma', gemma, false],
    ['in the normalised text, where no blank is left to be taken along', gemma, true],
    ['in the text that Metaspace gets', metaspace, true],
  ])('added tokens of every flag, %s', async (_name, parts, normalized) => {
    const pieces = ['the', ' fox', 'dogs ', mark, '日本', '<a>', '<left>', '<right>', '<special>', ' <a> ', ' <left>'];
    const random = randomNumbers(4);
    const given = Array.from({ length: 200 }, () =>
      Array.from({ length: 1 + random(6) }, () => pieces[random(pieces.length)]).join(''),
    );
    await expectAsHub(withFlags(parts, normalized), given);
  });

  it('added tokens that Prepend has put a space before are found behind one only', async () => {
    const tokenizer = await createTokenizer(withFlags(llama, true));
    expect([...tokenizer.encode('<a><a> <a>')]).toEqual([900, ...idsOf('<', 'a', '>'), 900]);
  });
});

describe('what the hub’s JavaScript does not do', () => {
  it('Metaspace with split: nothing merges across a blank', async () => {
    const split = { ...steps.metaspace, prepend_scheme: 'always', split: true };
    const tokenizer = await createTokenizer(textJson({ ...metaspace, pre_tokenizer: split }));
    const whole = await createTokenizer(textJson({ ...metaspace, pre_tokenizer: { ...split, split: false } }));
    expect([...tokenizer.encode('a  ')].slice(-2)).toEqual(idsOf(mark, mark));
    expect([...whole.encode('a  ')].slice(-1)).toEqual(idsOf(mark + mark));
    expect([...tokenizer.encode('> <')]).not.toEqual([...whole.encode('> <')]);
    for (const text of texts()) {
      const words = text.replaceAll(mark, ' ').split(/(?= )/);
      expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(
        words.flatMap((word) => [...tokenizer.encode(word)]),
      );
    }
  });

  it('bytes that are no text come out as the platform’s TextDecoder has them', async () => {
    const tokenizer = await createTokenizer(textJson(llama));
    const bytes = [0xe2, 0x82].map((byte) => tokens.indexOf(byteToken(byte)));
    const [the] = idsOf(`${mark}the`);
    expect(tokenizer.decode([...bytes, the])).toBe('\ufffd the');
    expect(streamed(tokenizer, [...bytes, the])).toBe('\ufffd the');
    expect(tokenizer.decode([...bytes, tokens.indexOf(byteToken(0xac))])).toBe('€');
    expect(tokenizer.decode([0xef, 0xbb, 0xbf].map((byte) => tokens.indexOf(byteToken(byte))))).toBe('\ufeff');
  });
});

describe('decoding', () => {
  it('takes away one space at the beginning where encoding puts one', async () => {
    const tokenizer = await createTokenizer(textJson(llama));
    for (const text of ['the fox', ' the fox', '  the', ' ', '', '\nthe'])
      expect(tokenizer.decode(tokenizer.encode(text)), JSON.stringify(text)).toBe(text);
    expect(tokenizer.decode(idsOf('<s>', `${mark}the`))).toBe('<s> the');
    expect(tokenizer.decode(idsOf('<s>', `${mark}the`), { skipSpecial: true })).toBe('the');
    const plain = await createTokenizer(textJson(gemma));
    expect(plain.decode(plain.encode(' the'))).toBe(' the');
  });

  it('gives the bytes of a token as they are within a text', async () => {
    const tokenizer = await createTokenizer(textJson(llama));
    const text = (id: number): string => new TextDecoder().decode(tokenizer.decodeBytes([id]));
    expect(text(tokens.indexOf(`${mark}the`))).toBe(' the');
    expect([...tokenizer.decodeBytes([tokens.indexOf(byteToken(0xe2))])]).toEqual([0xe2]);
  });

  it('never gives half a character, and begins anew after its end', async () => {
    const tokenizer = await createTokenizer(textJson(llama));
    const decoder = tokenizer.decoder();
    for (let round = 0; round < 2; round++) {
      const ids = [...tokenizer.encode('the 😀 мир')];
      const parts = ids.map((id) => decoder.push(id));
      expect(parts.join('') + decoder.flush()).toBe('the 😀 мир');
      expect(parts.filter((part) => part.includes('\ufffd'))).toEqual([]);
      expect(parts.filter((part) => part.includes('😀'))).toEqual(['😀']);
    }
  });
});

describe('texts', () => {
  it('have offsets at the beginnings of tokens', async () => {
    for (const parts of [llama, gemma, metaspace]) {
      const tokenizer = await createTokenizer(textJson(parts));
      for (const given of texts(7)) {
        const text = given.replaceAll(mark, ' ');
        const ids = [...tokenizer.encode(text)];
        const starts = [...tokenizer.offsets(text)];
        expect(starts.length).toBe(ids.length);
        const shift = parts !== gemma && !(parts === metaspace && text.startsWith(' ')) ? 1 : 0;
        // Bytes of what comes before a token are bytes of the text before its place, but for a character it is within.
        let bytes = -shift;
        ids.forEach((id, i) => {
          const place = starts[i];
          const before = new TextEncoder().encode(wellFormed(text).slice(0, place)).length;
          const width = new TextEncoder().encode(String.fromCodePoint(wellFormed(text).codePointAt(place) ?? 0)).length;
          expect(before <= Math.max(bytes, 0) && Math.max(bytes, 0) < before + width, JSON.stringify([text, i])).toBe(
            true,
          );
          bytes += tokenizer.decodeBytes([id]).length;
        });
      }
    }
  });

  it('that go on from another get no space', async () => {
    const joins = { ...bare, continues: true };
    for (const parts of [llama, metaspace]) {
      const tokenizer = await createTokenizer(textJson(parts));
      expect([...tokenizer.encode('the', joins)]).toEqual([...idsOf('the')]);
      expect([...tokenizer.encode(' the', joins)]).toEqual([...idsOf(`${mark}the`)]);
      expect([...tokenizer.encode('the', bare)]).toEqual([...idsOf(`${mark}the`)]);
      const whole = tokenizer.encode('the quick brown fox', bare);
      const parted = [...tokenizer.encode('the quick', bare), ...tokenizer.encode(' brown fox', joins)];
      expect(parted).toEqual([...whole]);
    }
    // After a special token within it a text begins anew.
    const tokenizer = await createTokenizer(textJson(llama));
    expect([...tokenizer.encode('the</s>the', { ...joins, allowSpecial: true })]).toEqual(
      idsOf('the', '</s>', `${mark}the`),
    );
  });

  it('of a million characters take time that grows as they do', async () => {
    const tokenizer = await createTokenizer(textJson(llama));
    const random = randomNumbers(9);
    const words = 'the quick brown fox jumps over lazy dogs'.split(' ');
    for (const join of [' ', '']) {
      let text = '';
      while (text.length < 1_000_000) text += words[random(words.length)] + join;
      const ids = tokenizer.encode(text);
      expect(tokenizer.decode(ids) === text).toBe(true);
      // The beginning is as it is alone, but for its last word.
      const few = tokenizer.encode(text.slice(0, 1000));
      expect([...ids.slice(0, few.length - 8)]).toEqual([...few.slice(0, -8)]);
    }
    const blanks = ' '.repeat(1_000_000);
    expect(tokenizer.decode(tokenizer.encode(blanks)) === blanks).toBe(true);
  });

  it('are the same from a snapshot', async () => {
    const tokenizer = await createTokenizer(textJson(llama));
    const copy = restoreTokenizer(structuredClone(snapshotTokenizer(tokenizer)), await importRareText());
    for (const text of texts(3)) {
      const ids = tokenizer.encode(text);
      expect(copy.encode(text)).toEqual(ids);
      expect(copy.decode(ids)).toBe(tokenizer.decode(ids));
    }
  });
});

const decoders = (...steps: unknown[]): Record<string, unknown> => ({ decoder: { type: 'Sequence', decoders: steps } });
const { back, fallback, fuse, strip } = steps;

describe('what is not supported is refused by name', () => {
  it.each<[string, TokenizerFiles, RegExp]>([
    [
      'another mark',
      textJson({ ...metaspace, pre_tokenizer: { type: 'Metaspace', replacement: '_' } }),
      /pre_tokenizer\.replacement is "_"/,
    ],
    [
      'another scheme',
      textJson({ ...metaspace, pre_tokenizer: { ...steps.metaspace, prepend_scheme: 'last' } }),
      /pre_tokenizer\.prepend_scheme is "last"; gptlet knows "always", "first" and "never"/,
    ],
    [
      'Metaspace beside others',
      textJson({
        ...metaspace,
        pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits' }, steps.metaspace] },
      }),
      /pretokenizers\[1\] is .*Metaspace.* and Metaspace alone/,
    ],
    [
      'a decoder of bytes that the model does not make',
      textJson(llama, { byte_fallback: false }),
      /decoders\[1\] is .*ByteFallback/,
    ],
    [
      'bytes that the decoder does not know',
      textJson({ ...llama, ...decoders(back, fuse) }),
      /decoder is .*; gptlet knows Replace/,
    ],
    [
      'a decoder without blanks',
      textJson({ ...llama, ...decoders(fallback, fuse) }),
      /decoder is .*; gptlet knows Replace/,
    ],
    [
      'Strip of more',
      textJson({ ...llama, ...decoders(back, fallback, fuse, { ...strip, start: 2 }) }),
      /decoders\[3\] is .*Strip/,
    ],
    [
      'Strip at the end',
      textJson({ ...llama, ...decoders(back, fallback, fuse, { ...strip, stop: 1 }) }),
      /decoders\[3\] is .*Strip/,
    ],
    [
      'Strip of each token',
      textJson({ ...llama, ...decoders(back, fallback, strip, fuse) }),
      /decoders\[2\] is .*Strip/,
    ],
    ['dropout', textJson(llama, { dropout: 0.1 }), /model\.dropout is 0\.1/],
  ])('%s', async (_name, files, message) => {
    await expect(createTokenizer(files)).rejects.toMatchObject({
      code: 'BAD_TOKENIZER',
      message: expect.stringMatching(message),
    });
  });

  it('a kind for bytes', async () => {
    await expect(createTokenizer(textJson(llama), { kind: 'gpt2' })).rejects.toThrow(
      /kind is "gpt2", but the files hold a vocabulary for "sentencepiece"/,
    );
  });

  it('a character without token, bytes or unknown token', async () => {
    const vocab = Object.fromEntries(
      tokens.map((token, id) => [token, id]).filter(([token]) => token !== byteToken(0xac)),
    );
    const tokenizer = await createTokenizer(textJson(gemma, { vocab, unk_token: null }));
    expect(() => tokenizer.encode('a €')).toThrow(/no token for the byte 0xe2/);
    expect([...tokenizer.encode('the')]).toEqual(idsOf('the'));
  });
});

import gpt2Ranks from 'js-tiktoken/ranks/gpt2';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { rareTokenizers } from './import-rare-tokenizers.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { byteToken, mark, smallText, textJson, textParts } from './testing/sentencepiece-files.ts';
import { vocabularyOf } from './testing/tiktoken-files.ts';
import type { Tokenizer } from './tokenizer.ts';
import { type TokenizerLists, tokenizerFromLists } from './tokenizer-from-lists.ts';

const { tokens, merges } = smallText;
const make = (lists: TokenizerLists): Promise<Tokenizer> => tokenizerFromLists(lists, rareTokenizers);

function expectSame(a: Tokenizer, b: Tokenizer, texts = 200): void {
  const random = randomNumbers(8);
  for (let i = 0; i < texts; i++) {
    const text = generatedText(random).repeat(i % 10 ? 1 : 30);
    const ids = a.encode(text, { allowSpecial: true });
    expect(b.encode(text, { allowSpecial: true }), JSON.stringify(text)).toEqual(ids);
    expect(b.decode(ids)).toBe(a.decode(ids));
  }
}

describe('a tokenizer from lists', () => {
  const control = [0, 1, 2].map((id) => ({ id, special: true }));
  const text: TokenizerLists = { tokens, spelling: 'text', unknown: '<unk>', added: control };
  const lines = merges.map((pair) => pair.join(' '));

  it('of texts is that of a tokenizer.json that says the same', async () => {
    const llama = await createTokenizer(textJson(textParts.llama));
    expectSame(llama, await make({ ...text, merges: lines, addPrefixSpace: true }));
    const gemma = await createTokenizer(textJson(textParts.gemma));
    expectSame(gemma, await make({ ...text, merges: lines }));
  });

  it('of bytes too, with a pattern or GPT-2’s', async () => {
    const { vocab, merges: ranked } = vocabularyOf(gpt2Ranks);
    const spelled: string[] = [];
    for (const [token, id] of Object.entries(vocab)) spelled[id] = token;
    const end = '<|endoftext|>';
    const model = { type: 'BPE', vocab: { ...vocab, [end]: spelled.length }, merges: ranked };
    const added_tokens = [{ id: spelled.length, content: end, special: true }];
    const bare = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
    const Regex = '\\p{N}|[^\\p{N}]+';
    const split = { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false };
    const of = (pre_tokenizer: object, normalizer?: object) =>
      createTokenizer({ 'tokenizer.json': JSON.stringify({ added_tokens, model, pre_tokenizer, normalizer }) });
    const lists: TokenizerLists = {
      tokens: [...spelled, end],
      spelling: 'bytes',
      merges: ranked,
      added: [{ id: spelled.length, special: true }],
    };
    const plain = await make(lists);
    expect(plain.kind).toBe('gpt2');
    expectSame(await of({ ...bare, use_regex: true }), plain, 100);
    const given = { ...lists, patterns: [Regex], normalization: 'NFC' } as const;
    expectSame(await of({ type: 'Sequence', pretokenizers: [split, bare] }, { type: 'NFC' }), await make(given), 100);
  });

  it('puts around a text what it says', async () => {
    const tokenizer = await make({ ...text, merges: lines, begin: '<s>', end: '</s>' });
    expect(tokenizer.template).toEqual({ before: [1], between: [2, 1], after: [2] });
    expect([...tokenizer.encode('')]).toEqual([1, 2]);
    expect((await make({ ...text, merges: lines })).template.before).toEqual([]);
  });

  it('finds added tokens, special ones where they are allowed', async () => {
    const more = [...tokens, '<table>', '<call>'];
    const added = [...control, { id: tokens.length, special: false }, { id: tokens.length + 1, special: true }];
    const tokenizer = await make({ ...text, tokens: more, merges: lines, added });
    expect([...tokenizer.encode('<table><call>')].slice(0, 1)).toEqual([tokens.length]);
    expect([...tokenizer.encode('<table><call>', { allowSpecial: true })]).toEqual([tokens.length, tokens.length + 1]);
    expect([...tokenizer.specialTokens.keys()]).toEqual(['<unk>', '<s>', '</s>', '<call>']);
  });

  it('refuses what cannot be', async () => {
    const code = { code: 'BAD_TOKENIZER' };
    await expect(make({ ...text, merges: ['the'] })).rejects.toMatchObject(code);
    await expect(make({ ...text, tokens: [...tokens, 'a'], merges: lines })).rejects.toMatchObject(code);
    await expect(make({ ...text, merges: lines, begin: '<nowhere>' })).rejects.toMatchObject(code);
  });
});

/** As llama.cpp's code merges, and SentencePiece's: the two neighbours that spell the token of the highest score, the leftmost of several. */
function mergeByScore(text: string, scores: ArrayLike<number>, ids: ReadonlyMap<string, number>): number[] {
  const parts = [...text.replaceAll(' ', mark)];
  for (;;) {
    let best = -1;
    let score = Number.NEGATIVE_INFINITY;
    for (let i = 0; i + 1 < parts.length; i++) {
      const id = ids.get(parts[i] + parts[i + 1]);
      if (id !== undefined && scores[id] > score) {
        best = i;
        score = scores[id];
      }
    }
    if (best < 0) break;
    parts.splice(best, 2, parts[best] + parts[best + 1]);
  }
  return parts.flatMap(
    (part) => ids.get(part) ?? [...new TextEncoder().encode(part)].map((byte) => ids.get(byteToken(byte))!),
  );
}

describe('a vocabulary without merges', () => {
  const made = merges.map(([left, right]) => left + right);
  /** SentencePiece gives the token of each merge a score below that of the one before it. */
  const scores = Float32Array.from(tokens, (token, id) => {
    if (id < 259) return Number.NaN;
    return made.includes(token) ? -made.indexOf(token) : -1000 - id;
  });
  const lists: TokenizerLists = {
    tokens,
    spelling: 'text',
    scores,
    unknown: '<unk>',
    added: [0, 1, 2].map((id) => ({ id, special: true })),
  };

  it('merges by scores as it would by the merges that they were made of', async () => {
    expectSame(await createTokenizer(textJson(textParts.gemma)), await make(lists));
  });

  it('merges whatever spells a token, in whichever way, as llama.cpp does', async () => {
    const letters = ['a', 'b', 'c', mark];
    const random = randomNumbers(12);
    for (let round = 0; round < 30; round++) {
      // Tokens of random pieces with random scores: many have several pairs, and parts that score lower than they do.
      const own = new Set(letters);
      while (own.size < 30) own.add(Array.from({ length: 2 + random(3) }, () => letters[random(4)]).join(''));
      const all = [...Array.from({ length: 256 }, (_, byte) => byteToken(byte)), ...own];
      const given = Float32Array.from(all, (_, id) => (id < 256 ? Number.NaN : -random(1e6) - id / 1000));
      const tokenizer = await make({ tokens: all, spelling: 'text', scores: given, added: [] });
      const ids = new Map(all.map((token, id) => [token, id]));
      for (const length of [1, 5, 30, 100, 127, 128, 129, 300]) {
        const text = Array.from({ length }, () => ['a', 'b', 'c', ' ', 'é'][random(random(9) ? 3 : 5)]).join('');
        expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(mergeByScore(text, given, ids));
      }
    }
  });

  it('does not merge into tokens without a score', async () => {
    const without = scores.map((score, id) => (tokens[id] === `${mark}the` ? Number.NaN : score));
    const tokenizer = await make({ ...lists, scores: without });
    expect([...tokenizer.encode(' the')]).not.toContain(tokens.indexOf(`${mark}the`));
  });
});

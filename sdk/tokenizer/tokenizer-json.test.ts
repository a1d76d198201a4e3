import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { smallFiles, smallJson, smallMerges, smallVocabulary } from './testing/small-files.ts';

const vocab = smallVocabulary();

describe('tokenizer.json', () => {
  it('gives what vocab.json and merges.txt give, with merges as strings or pairs', async () => {
    const text = 'hello world, hello  é';
    const expected = [...(await createTokenizer(smallFiles())).encode(text)];
    const pairs = smallMerges.map((merge) => merge.split(' '));
    for (const files of [smallJson(), smallJson({}, { merges: pairs })]) {
      expect([...(await createTokenizer(files)).encode(text)]).toEqual(expected);
    }
    const bytes = new TextEncoder().encode(smallJson()['tokenizer.json'] as string);
    expect([...(await createTokenizer({ 'tokenizer.json': bytes })).encode(text)]).toEqual(expected);
  });

  it('normalises where it says so, and offsets are those of the text before', async () => {
    const tokenizer = await createTokenizer(
      smallJson({ normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }] } }),
    );
    const text = 'e\u0301 hello';
    expect([...tokenizer.encode(text)]).toEqual([vocab['Ã©'], 32, vocab.hello]);
    expect([...tokenizer.offsets(text)]).toEqual([0, 2, 3]);
  });

  it('puts a space before the text where it says so', async () => {
    const tokenizer = await createTokenizer(
      smallJson({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } }),
    );
    expect([...tokenizer.encode('world')]).toEqual([vocab['Ġworld']]);
    expect([...tokenizer.encode(' world')]).toEqual([vocab['Ġworld']]);
    expect([...tokenizer.encode('')]).toEqual([]);
    expect([...tokenizer.offsets('world world')]).toEqual([0, 5]);
    const config = await createTokenizer({ ...smallFiles(), 'tokenizer_config.json': '{"add_prefix_space":true}' });
    expect([...config.encode('world')]).toEqual([vocab['Ġworld']]);
  });

  it('takes whole pieces from the vocabulary where it ignores merges', async () => {
    const extra = { ...vocab, hexlo: 300 };
    const files = (ignore: boolean) => smallJson({}, { vocab: extra, ignore_merges: ignore });
    expect([...(await createTokenizer(files(true))).encode('hexlo')]).toEqual([300]);
    expect([...(await createTokenizer(files(false))).encode('hexlo')]).toEqual([vocab.he, 120, 108, 111]);
  });

  it('merges over a whole text where nothing splits it', async () => {
    const whole = await createTokenizer(
      smallJson({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: false } }),
    );
    expect(whole.kind).toBe('none');
    expect([...whole.encode('  world')]).toEqual([32, vocab['Ġworld']]);
  });

  it('uses the unknown token for bytes without one', async () => {
    const model = { vocab: { a: 0, b: 1, ab: 2, '<unk>': 3 }, merges: ['a b'], unk_token: '<unk>' };
    const tokenizer = await createTokenizer(smallJson({}, model));
    expect([...tokenizer.encode('abxa')]).toEqual([2, 3, 0]);
    expect([...tokenizer.offsets('abxa')]).toEqual([0, 2, 3]);
  });

  it.each([
    ['gpt2', ['HelloWorld', 'Ġ12345']],
    ['cl100k', ['HelloWorld', '123', "'LL"]],
    ['qwen2', ['HelloWorld', "'LL"]],
    ['o200k', ['Hello', 'World', '123', "ĠI'LL"]],
    ['none', []],
  ] as const)('splits as %s when asked to', async (kind, expected) => {
    const pieces = ['HelloWorld', 'Hello', 'World', '123', 'Ġ12345', "'LL", "ĠI'LL"];
    const more = { ...vocab, ...Object.fromEntries(pieces.map((piece, index) => [piece, 300 + index])) };
    const tokenizer = await createTokenizer(smallJson({}, { ignore_merges: true, vocab: more }), { kind });
    expect(tokenizer.kind).toBe(kind);
    const ids = [...tokenizer.encode("HelloWorld 12345 I'LL")];
    expect(ids.filter((id) => id >= 300).map((id) => pieces[id - 300])).toEqual(expected);
  });

  it.each([
    ['gpt2', "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"],
    [
      'qwen2',
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    ],
  ])('recognises the pattern of %s', async (kind, regex) => {
    const pretokenizers = [
      { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
    ];
    const tokenizer = await createTokenizer(smallJson({ pre_tokenizer: { type: 'Sequence', pretokenizers } }));
    expect(tokenizer.kind).toBe(kind);
  });
});

// A tokenizer.json from a certain length on is read by the module: the same tokenizer, or the same words about what is wrong.
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { textJson, textParts } from './testing/sentencepiece-files.ts';
import { smallJson, smallVocabulary } from './testing/small-files.ts';
import type { Tokenizer, TokenizerFiles } from './tokenizer.ts';

const textOf = (files: TokenizerFiles): string => files['tokenizer.json'] as string;
const white = ' \n\t\r'.repeat(400_000);

/** The same file with white space where JSON may have some, so that it is large. */
function large(files: TokenizerFiles, where: (text: string) => string = (text) => white + text): TokenizerFiles {
  const text = where(textOf(files));
  expect(text.length).toBeGreaterThan(1_500_000);
  return { ...files, 'tokenizer.json': text };
}

async function expectSame(a: Tokenizer, b: Tokenizer): Promise<void> {
  const random = randomNumbers(2);
  expect(b.vocabSize).toBe(a.vocabSize);
  expect([...b.specialTokens]).toEqual([...a.specialTokens]);
  for (let i = 0; i < 100; i++) {
    const text = generatedText(random);
    const ids = a.encode(text, { allowSpecial: true });
    expect(b.encode(text, { allowSpecial: true })).toEqual(ids);
    expect(b.decode(ids)).toBe(a.decode(ids));
  }
}

/** White space around every sign that stands outside strings. */
const airy = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (part) => (part.length === 1 ? ` \n${part}\t ` : part)) + white;

/** Every character as an escape. */
const escaped = (text: string): string =>
  white +
  text.replace(/"((?:[^"\\]|\\.)*)"/g, (string) => {
    const value = JSON.parse(string) as string;
    // Names of fields stay, as the hub writes them.
    if (/^[a-z_]+$/.test(value)) return string;
    return `"${Array.from({ length: value.length }, (_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
  });

describe('a large tokenizer.json gives the same tokenizer', () => {
  const merges = {
    merges: [
      ['h', 'e'],
      ['l', 'l'],
      ['he', 'll'],
    ],
  };
  const decoy = { vocab: { x: 1 }, merges: ['x'], model: { vocab: {}, merges: [], text: ']}"\\' } };
  it.each<[string, TokenizerFiles]>([
    ['bytes', smallJson()],
    ['bytes, merges as pairs', smallJson({}, merges)],
    ['SentencePiece', textJson(textParts.llama)],
    ['what looks like a model elsewhere', smallJson({ other: decoy, vocab: decoy, before: [decoy, 'model'] })],
    ['added tokens', smallJson({ added_tokens: [{ id: 300, content: '"<|\\"model\\": {|>', special: true }] })],
    ['every escape', smallJson({}, { vocab: { ...smallVocabulary(), '😀\ud800\u001f\b\f\n\r\t"\\/é': 400 } })],
  ])('%s', async (_name, files) => {
    const small = await createTokenizer(files);
    for (const where of [undefined, airy, escaped]) await expectSame(small, await createTokenizer(large(files, where)));
    const bytes = new TextEncoder().encode(white + textOf(files));
    await expectSame(small, await createTokenizer({ ...files, 'tokenizer.json': bytes }));
  });
});

describe('a large tokenizer.json that is wrong is told of as a small one', () => {
  const { 'tokenizer.json': text } = smallJson();
  const with_ = (from: string, to: string): TokenizerFiles => {
    const changed = (text as string).replace(from, to);
    expect(changed).not.toBe(text);
    return { 'tokenizer.json': changed };
  };
  it.each<[string, TokenizerFiles]>([
    ['cut off', { 'tokenizer.json': (text as string).slice(0, -9) }],
    ['something behind it', { 'tokenizer.json': `${text}]` }],
    ['a list', { 'tokenizer.json': '[]' }],
    ['no model', { 'tokenizer.json': '{"model":7}' }],
    ['no vocabulary', with_('"vocab"', '"words"')],
    ['no merges', with_('"merges"', '"pairs"')],
    ['a list for a vocabulary', smallJson({}, { vocab: ['a'] })],
    ['an empty vocabulary', smallJson({}, { vocab: {} })],
    ['a fraction for an id', with_('"A":65', '"A":65.5')],
    ['a negative id', with_('"A":65', '"A":-65')],
    ['a huge id', with_('"A":65', '"A":99999999999')],
    ['an id of more than 21 bits', with_('"A":65', '"A":2097152')],
    ['a text for an id', with_('"A":65', '"A":"65"')],
    ['one id for two tokens', with_('"A":65', '"A":66')],
    ['a zero character', with_('"A":65', '"\\u0000":65')],
    ['a bad escape', with_('"A":65', '"\\x":65')],
    ['half an escape', with_('"A":65', '"\\u00g1":65')],
    ['a control character in a string', with_('"A":65', '"\n":65')],
    ['a comma too many', with_('"merges":[', '"merges":[,')],
    ['a merge that is a number', with_('"merges":[', '"merges":[7,')],
    ['a merge of three', with_('"merges":[', '"merges":[["h","e","l"],')],
    ['a merge of what is not there', with_('"merges":[', '"merges":[["zz","e"],')],
  ])('%s', async (_name, files) => {
    const reason = (given: TokenizerFiles) =>
      createTokenizer(given).then(
        () => 'none',
        (error: Error) => error.message.replace(/not JSON: .*Download/, 'not JSON: … Download'),
      );
    const expected = await reason(files);
    expect(await reason(large(files))).toBe(expected);
  });

  it('survives random damage', async () => {
    const random = randomNumbers(6);
    const whole = new TextEncoder().encode(`${text}${white}`);
    for (let i = 0; i < 60; i++) {
      const bytes = whole.slice();
      for (let hits = 1 + random(4); hits > 0; hits--) bytes[random((text as string).length)] = random(256);
      try {
        (await createTokenizer({ 'tokenizer.json': bytes })).encode('hello world, hello');
      } catch (error) {
        expect(error).toMatchObject({ name: 'GptletError' });
      }
    }
  });
});

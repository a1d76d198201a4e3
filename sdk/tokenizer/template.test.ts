import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { importRareText } from './import-rare-text.ts';
import { restoreTokenizer, snapshotTokenizer } from './snapshot.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { hubEncoder } from './testing/hub-tokenizer.ts';
import { smallFiles, smallJson, smallVocabulary } from './testing/small-files.ts';
import type { TokenizerFiles } from './tokenizer.ts';

const end = smallVocabulary()['<|endoftext|>'];
const [s, e, sep] = [301, 302, 303];
const added = [
  { id: end, content: '<|endoftext|>', special: true, normalized: false },
  { id: s, content: '<s>', special: true, normalized: false },
  { id: e, content: '</s>', special: true, normalized: false },
  { id: sep, content: '[SEP]', special: true, normalized: false },
];
const token = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
const [A, B] = ['A', 'B'].map((id) => ({ Sequence: { id, type_id: 0 } }));
const known = Object.fromEntries(
  added.map(({ id, content }) => [content, { id: content, ids: [id], tokens: [content] }]),
);
type Piece = ReturnType<typeof token> | typeof A;
const template = (single: Piece[], pair: Piece[] = [A, B]) => ({
  type: 'TemplateProcessing',
  single,
  pair,
  special_tokens: known,
});
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true };
const files = (postProcessor: unknown, config: Record<string, unknown> = {}): TokenizerFiles => ({
  ...smallJson({ added_tokens: added, post_processor: postProcessor, decoder: byteLevel }),
  'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast', ...config }),
});

const texts = ['', 'hello', 'hello world é', '\ud800', '<s>', 'a</s>b'];

/** Post-processor, config, what is before, between and after. */
const around: [string, unknown, Record<string, unknown>, number[], number[], number[]][] = [
  ['no template', null, {}, [], [], []],
  ['ByteLevel, of offsets', byteLevel, {}, [], [], []],
  ['a begin token', template([token('<s>'), A]), {}, [s], [], []],
  [
    'begin and end',
    template([token('<s>'), A, token('</s>')], [token('<s>'), A, token('[SEP]'), B]),
    {},
    [s],
    [sep],
    [e],
  ],
  [
    'a Sequence, as Llama 3 has it',
    { type: 'Sequence', processors: [byteLevel, template([token('<s>'), A])] },
    {},
    [s],
    [],
    [],
  ],
  [
    'a Sequence of two templates, the second around the first',
    {
      type: 'Sequence',
      processors: [template([token('<s>'), A, token('</s>')]), template([token('[SEP]'), A, token('[SEP]')])],
    },
    {},
    [sep, s],
    [e, s],
    [e, sep],
  ],
  ['RobertaProcessing', { type: 'RobertaProcessing', cls: ['<s>', s], sep: ['</s>', e] }, {}, [s], [e, e], [e]],
  ['BertProcessing', { type: 'BertProcessing', cls: ['<s>', s], sep: ['</s>', e] }, {}, [s], [e], [e]],
];

describe('what goes around a text', () => {
  it.each(around)('is that of %s, as the hub has it', async (_name, post, config, before, between, after) => {
    const given = files(post, config);
    const tokenizer = await createTokenizer(given);
    expect(tokenizer.template).toEqual({ before, between, after });
    const encode = hubEncoder(given);
    const random = randomNumbers(1);
    for (const text of ['', ...Array.from({ length: 200 }, () => generatedText(random))]) {
      // Without white space that only JavaScript knows or only Unicode, and without special tokens, which the hub finds.
      const plain = text.replace(/[\u0085\ufeff<]/g, '');
      const inside = [...tokenizer.encode(plain, { addSpecial: false })];
      expect(inside).toEqual(encode(plain, false));
      expect([...tokenizer.encode(plain)]).toEqual(encode(plain));
      expect([...tokenizer.encode(plain)]).toEqual([...before, ...inside, ...after]);
    }
  });

  /** Config over a file without a template, then over one with `[SEP] $A [SEP]`: the same. */
  it.each([
    ['add_bos_token', { add_bos_token: true, bos_token: '<s>' }, [s], [s], []],
    ['add_eos_token', { add_eos_token: true, eos_token: { content: '</s>' } }, [], [e], [e]],
    ['both', { add_bos_token: true, add_eos_token: true, bos_token: '<s>', eos_token: '</s>' }, [s], [e, s], [e]],
    [
      'add_bos_token: false, which takes the file’s template away',
      { add_bos_token: false, bos_token: '<s>' },
      [],
      [],
      [],
    ],
    ['a begin token that is null', { add_bos_token: true, bos_token: null }, [], [], []],
    ['a begin token that another class does not name', { add_bos_token: true }, [], [], []],
    [
      'GPT-2’s class, which has a begin token',
      { add_bos_token: true, tokenizer_class: 'GPT2TokenizerFast' },
      [end],
      [end],
      [],
    ],
  ])('is what tokenizer_config.json says: %s', async (_name, config, before, between, after) => {
    for (const post of [null, template([token('[SEP]'), A, token('[SEP]')])]) {
      const tokenizer = await createTokenizer(files(post, config));
      expect(tokenizer.template).toEqual({ before, between, after });
      expect([...tokenizer.encode('a')]).toEqual([...before, 97, ...after]);
    }
  });

  it('is said for vocab.json and merges.txt too, with tokens that special_tokens_map.json names', async () => {
    const tokenizer = await createTokenizer({
      ...smallFiles(),
      'tokenizer_config.json': '{"add_bos_token":true}',
      'special_tokens_map.json': '{"bos_token":"<|endoftext|>"}',
    });
    expect([...tokenizer.encode('hello')]).toEqual([end, smallVocabulary().hello]);
    const plain = await createTokenizer(smallFiles());
    expect(plain.template).toEqual({ before: [], between: [], after: [] });
    expect([...plain.encode('hello')]).toEqual([smallVocabulary().hello]);
  });

  it('is nothing for GPT-2 as published: its config has a length only', async () => {
    const tokenizer = await createTokenizer({ ...smallFiles(), 'tokenizer_config.json': '{"model_max_length":1024}' });
    expect(tokenizer.encode('hello', { addSpecial: true })).toEqual(tokenizer.encode('hello', { addSpecial: false }));
  });

  it('counts, and has places, wherever ids are counted and placed', async () => {
    const tokenizer = await createTokenizer(files(template([token('<s>'), A, token('</s>')])));
    for (const text of texts) {
      const ids = tokenizer.encode(text);
      expect(tokenizer.count(text)).toBe(ids.length);
      expect(tokenizer.isWithinLimit(text, ids.length)).toBe(true);
      expect(tokenizer.isWithinLimit(text, ids.length - 1)).toBe(false);
      expect(tokenizer.count(text, { addSpecial: false })).toBe(ids.length - 2);
      expect(tokenizer.isWithinLimit(text, ids.length - 2, { addSpecial: false })).toBe(true);
      const starts = [...tokenizer.offsets(text)];
      expect(starts).toEqual([0, ...tokenizer.offsets(text, { addSpecial: false }), text.length]);
      expect(tokenizer.encodeBatch([text, text])).toEqual([ids, ids]);
      expect(tokenizer.encodeBatch([text], { addSpecial: false })).toEqual([ids.subarray(1, -1)]);
    }
    expect(tokenizer.decode(tokenizer.encode('hello'), { skipSpecial: true })).toBe('hello');
  });

  it('is put once around a text of many chunks', async () => {
    const tokenizer = await createTokenizer(files(template([token('<s>'), A, token('</s>')])));
    const ids = tokenizer.encode('hello world '.repeat(100_000));
    expect(ids.indexOf(s, 1)).toBe(-1);
    expect(ids.indexOf(e)).toBe(ids.length - 1);
  });

  it('does not come a second time where the text has it already and special tokens are allowed', async () => {
    const tokenizer = await createTokenizer(files(template([token('<s>'), token('[SEP]'), A, token('</s>')])));
    const all = { allowSpecial: true };
    expect([...tokenizer.encode('<s>[SEP]a</s>', all)]).toEqual([s, sep, 97, e]);
    expect([...tokenizer.offsets('<s>[SEP]a</s>', all)]).toEqual([0, 3, 8, 9]);
    expect([...tokenizer.encode('<s>[SEP]a', all)]).toEqual([s, sep, 97, e]);
    expect([...tokenizer.encode('a</s>', all)]).toEqual([s, sep, 97, e]);
    // Half of it, or not at the end, is not all of it.
    expect([...tokenizer.encode('<s>a', all)]).toEqual([s, sep, s, 97, e]);
    expect([...tokenizer.encode('a</s>b', all)]).toEqual([s, sep, 97, e, 98, e]);
    expect([...tokenizer.encode('<s>[SEP]', { ...all, addSpecial: false })]).toEqual([s, sep]);
    // As text it is text.
    expect([...tokenizer.encode('<s>[SEP]a')].slice(0, 3)).toEqual([s, sep, 60]);
    const same = await createTokenizer(files(template([token('<s>'), A, token('<s>')])));
    expect([...same.encode('<s>', all)]).toEqual([s, s]);
    expect([...same.encode('', all)]).toEqual([s, s]);
  });

  it('goes with a snapshot', async () => {
    const tokenizer = await createTokenizer(files(template([token('<s>'), A, token('</s>')])));
    const copy = restoreTokenizer(structuredClone(snapshotTokenizer(tokenizer)), await importRareText());
    expect(copy.template).toEqual(tokenizer.template);
    for (const text of texts) expect(copy.encode(text)).toEqual(tokenizer.encode(text));
  });

  it.each<[string, TokenizerFiles, RegExp]>([
    [
      'a token that no vocabulary has',
      files({ ...template([token('<x>'), A]), special_tokens: { '<x>': { id: '<x>', ids: [7], tokens: ['<x>'] } } }),
      /put "<x>" around every text, but the vocabulary has no such token/,
    ],
    ['a token of the config that no vocabulary has', files(null, { add_bos_token: true, bos_token: '<x>' }), /"<x>"/],
    [
      'a token that the template does not describe',
      files({ ...template([token('<s>'), A]), special_tokens: {} }),
      /post_processor\.special_tokens\["<s>"\] is undefined/,
    ],
    ['a template without a text', files(template([token('<s>')])), /post_processor\.single is .*; gptlet knows a list/],
    ['a template with the text twice', files(template([A, A])), /post_processor\.single is /],
    ['a pair without its second', files(template([A], [A])), /post_processor\.pair is /],
    [
      'a template that is a text',
      files({ type: 'TemplateProcessing', single: '<s> $A' }),
      /post_processor\.single is "<s> \$A"/,
    ],
    [
      'a processor deep inside',
      files({ type: 'Sequence', processors: [byteLevel, { type: 'Other' }] }),
      /post_processor\.processors\[1\] is .*Other/,
    ],
    [
      'RobertaProcessing without tokens',
      files({ type: 'RobertaProcessing', sep: ['</s>', e] }),
      /post_processor\.cls is undefined/,
    ],
  ])('that cannot be is refused: %s', async (_name, given, message) => {
    await expect(createTokenizer(given)).rejects.toMatchObject({
      code: 'BAD_TOKENIZER',
      message: expect.stringMatching(message),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { GptletError } from '../errors/gptlet-error.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { smallFiles, smallJson } from './testing/small-files.ts';

/** What no method takes for a text, an id, a list or options; what some take is left out where it is right. */
const odd: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a symbol', Symbol('s')],
  ['a BigInt', 10n],
  ['a number', 1.5],
  ['NaN', Number.NaN],
  ['a boolean', true],
  ['a function', () => 1],
  ['an object without a prototype', Object.create(null)],
  ['an object that has no text', { toString: undefined, valueOf: undefined }],
  ['a list of a symbol', [Symbol('s')]],
  ['a list of a BigInt', [1n]],
  ['a list of an object without a prototype', [Object.create(null)]],
  [
    'a list that holds itself',
    (() => {
      const list: unknown[] = [];
      list.push(list);
      return list;
    })(),
  ],
  ['BigInts in an array', BigInt64Array.of(1n)],
  ['a length that is a symbol', { length: Symbol('s') }],
  ['a length that is a BigInt', { length: 2n }],
  ['a length that is a part of one', { length: 1.5, 0: 97, 1: 97 }],
  ['a length below nothing', { length: -1 }],
  ['a text object', Object('a')],
  ['a date', new Date(Number.NaN)],
  ['a map', new Map()],
];

const tokenizers = [createTokenizer(smallFiles()), createTokenizer(smallJson({ normalizer: { type: 'NFKC' } }))];

/** Every way to hand a value to a tokenizer. */
const calls: [string, (value: never) => unknown][] = [
  ['createTokenizer(value)', (value) => createTokenizer(value)],
  ['createTokenizer({ file: value })', (value) => createTokenizer({ 'tokenizer.json': value })],
  [
    'createTokenizer({ config: value })',
    (value) => createTokenizer({ ...smallFiles(), 'tokenizer_config.json': value }),
  ],
  ['createTokenizer({}, value)', (value) => createTokenizer({}, value)],
  ['createTokenizer({}, { kind: value })', (value) => createTokenizer({}, { kind: value })],
  ...tokenizers.flatMap((tokenizer): [string, (value: never) => unknown][] => [
    ['encode(value)', async (value) => (await tokenizer).encode(value)],
    ['encode(text, value)', async (value) => (await tokenizer).encode('a', value)],
    ['encode(text, { allowSpecial: value })', async (value) => (await tokenizer).encode('a', { allowSpecial: value })],
    ['encode(text, { addSpecial: value })', async (value) => (await tokenizer).encode('a', { addSpecial: value })],
    ['encodeBatch(value)', async (value) => (await tokenizer).encodeBatch(value)],
    ['encodeBatch([value])', async (value) => (await tokenizer).encodeBatch([value])],
    ['count(value)', async (value) => (await tokenizer).count(value)],
    ['count(text, value)', async (value) => (await tokenizer).count('a', value)],
    ['isWithinLimit(value, 1)', async (value) => (await tokenizer).isWithinLimit(value, 1)],
    ['isWithinLimit(text, value)', async (value) => (await tokenizer).isWithinLimit('a', value)],
    ['offsets(value)', async (value) => (await tokenizer).offsets(value)],
    ['decode(value)', async (value) => (await tokenizer).decode(value)],
    ['decode([value])', async (value) => (await tokenizer).decode([value])],
    ['decode([value], { skipSpecial })', async (value) => (await tokenizer).decode([value], { skipSpecial: true })],
    ['decode(ids, value)', async (value) => (await tokenizer).decode([97], value)],
    ['decode(ids, { skipSpecial: value })', async (value) => (await tokenizer).decode([97], { skipSpecial: value })],
    ['decodeBytes(value)', async (value) => (await tokenizer).decodeBytes(value)],
    ['decodeBytes([value])', async (value) => (await tokenizer).decodeBytes([value])],
    ['decodeBatch(value)', async (value) => (await tokenizer).decodeBatch(value)],
    ['decodeBatch([value])', async (value) => (await tokenizer).decodeBatch([value])],
    ['decoder().push(value)', async (value) => (await tokenizer).decoder().push(value)],
  ]),
];

describe.each(odd)('%s', (_name, value) => {
  it.each(calls)('given to %s is taken, or refused with a GptletError', async (_call, call) => {
    const error = await Promise.resolve()
      .then(() => call(value as never))
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    if (error !== undefined) expect(GptletError.isInstance(error), String(error)).toBe(true);
  });
});

describe('what was given is in the message', () => {
  it.each<[string, (value: never) => unknown, unknown, RegExp]>([
    [
      'a symbol for an id',
      async (id) => (await tokenizers[0]).decoder().push(id),
      Symbol('s'),
      /Token id Symbol\(s\) at position 0/,
    ],
    ['a BigInt for an id', async (id) => (await tokenizers[0]).decode([id]), 97n, /Token id 97 at position 0/],
    [
      'an object for a kind',
      async (kind) => createTokenizer({}, { kind }),
      Object.create(null),
      /kind is \[object Object\]; it must be 'gpt1', /,
    ],
    [
      'the kind of patterns',
      async (kind) => createTokenizer({}, { kind }),
      'regex',
      /kind is 'regex'; it must be 'gpt1', /,
    ],
    [
      'a symbol for a special token',
      async (token) => (await tokenizers[0]).encode('a', { allowSpecial: [token] }),
      Symbol('s'),
      /allowSpecial\[0\] is Symbol\(s\)/,
    ],
    [
      'half an id',
      async (ids) => (await tokenizers[0]).decode(ids),
      { length: 1.5, 0: 97, 1: 97 },
      /tokenIds is \[object Object\]; it must be an array/,
    ],
  ])('%s', async (_name, call, value, message) => {
    await expect(Promise.resolve().then(() => call(value as never))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });
});

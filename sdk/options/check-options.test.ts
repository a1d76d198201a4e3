import { describe, expect, it } from 'vitest';
import { checkArgument } from './check-argument.ts';
import { checkOptions, resolveOptions } from './check-options.ts';
import { arrayLike, fields, number, oneOf, rows, text, texts, tokenLimit, wholeNumber } from './kinds.ts';
import * as tables from './table.ts';

interface EmbedOptions {
  pooling?: 'last' | 'mean';
  normalize?: boolean;
  adapter?: string;
  signal?: AbortSignal;
}

const { samplingOptions, loadOptions, zeroShotOptions } = tables;
const ring: unknown[] = [];
ring.push(ring);

describe('options', () => {
  it.each<[string, object, object]>([
    ["topK is 'many'; it must be a whole number from 0.", samplingOptions(), { topK: 'many' }],
    ["There is no option 'topk'; did you mean 'topK'?", samplingOptions(), { topk: 1 }],
    ["There is no option 'top_p'; did you mean 'topP'?", samplingOptions(), { top_p: 1 }],
    ["There is no option 'temprature'; did you mean 'temperature'?", samplingOptions(), { temprature: 1 }],
    [
      "There is no option 'device'; there are backend, dtype, contextLength, threads, worker, cache, hub, signal, onProgress.",
      loadOptions(),
      { device: 'gpu' },
    ],
    ["There is no option 'toString'; there are endpoint, token.", tables.hubOptions(), { toString: 1 }],
    ['threads is [[…]]; it must be a whole number from 1 to 64.', loadOptions(), { threads: ring }],
    ["backend is Symbol(x); it must be 'auto', 'webgpu' or 'wasm'.", loadOptions(), { backend: Symbol('x') }],
    ['cache is [object Function]; it must be true, false or a WeightCache.', loadOptions(), { cache: () => {} }],
    ["a key of logitBias is 'a'; it must be a token id.", samplingOptions(), { logitBias: { a: 1 } }],
    [
      'logitBias[5] is Infinity; it must be a number below 3.4e38; bannedTokenIds rules a token out.',
      samplingOptions(),
      { logitBias: { 5: Infinity } },
    ],
    ['text is null; it must be a text.', zeroShotOptions(), { text: null, labels: [] }],
    ['labels is undefined; it must be an array of texts.', zeroShotOptions(), { text: 'x' }],
  ])('%s', (message, table, given) => {
    expect(() => checkOptions(table as never, given)).toThrow(
      expect.objectContaining({ name: 'GptletError', code: 'INVALID_OPTION', message }),
    );
  });

  it('are copied, those that a caller inherits too, without what is null or undefined', () => {
    const given = Object.assign(Object.create({ topK: 5 }), { topP: 0.5, seed: undefined, minP: null });
    expect(checkOptions<object, object>(samplingOptions(), given)).toEqual({ topK: 5, topP: 0.5 });
  });

  it('are what the table says where nobody says', () => {
    expect(resolveOptions(tables.embedOptions(), { normalize: true } as EmbedOptions)).toEqual({
      pooling: 'last',
      normalize: true,
    });
  });

  describe.each(Object.entries<() => tables.Table<string>>(tables))('of %s', (_, section) => {
    const table = section();
    it.each(Object.keys(table).filter((name) => !table[name].required))('%s: null is "not given"', (name) => {
      const required = Object.entries(table).filter(([, option]) => option.required);
      const given = Object.fromEntries(
        required.map(([needed, { kind }]) => [needed, ['x', [], {}, 300].find((value) => kind.allows(value))]),
      );
      expect(checkOptions<object, object>(table, { ...given, [name]: null })).toEqual(given);
    });

    it('has defaults that it allows', () => {
      for (const [name, option] of Object.entries(table))
        if (option.default !== undefined) checkArgument(name, option.default, option.kind);
    });
  });
});

it.each([
  [wholeNumber(1, 3), [1, 3], [0, 4, 1.5, Number.NaN, '1', 1n]],
  [number(), [-5, 0.5], [Infinity, Number.NaN, '1']],
  [number({ above: 0, to: 1 }), [0.1, 1], [0, 1.1]],
  [number({ from: 0, to: Infinity }), [0, Infinity], [-1, Number.NaN]],
  [oneOf('a', 'b'), ['a'], ['c', ['a']]],
  [texts, [[], ['a']], ['a', ['a', 1], [undefined], new Array(1)]],
  [fields({ a: text }), [{ a: 'x', b: 1 }], [null, 'a', {}, { a: 1 }]],
  [rows({ a: text }), [[{ a: 'x' }]], [{ a: 'x' }, [{}], ['x']]],
  [arrayLike, [[], { length: 0 }, new Uint32Array(1)], [null, 'ab', {}, 5]],
  [tokenLimit, [0, 5, Infinity], [-1, 0.5, Number.NaN]],
])('%o is met by %o, not by %o', (kind, right, wrong) => {
  for (const value of right as unknown[]) expect(() => checkArgument('x', value, kind)).not.toThrow();
  for (const value of wrong as unknown[])
    expect(() => checkArgument('x', value, kind)).toThrow(/^x.* is .*; it must be /);
});

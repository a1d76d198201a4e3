import { describe, expect, it } from 'vitest';
import { compilePattern } from './compile-pattern.ts';
import { integerPattern, type NumberBounds, numberPattern } from './json-number.ts';
import type { LazyDfa } from './lazy-dfa.ts';
import { parseRegex } from './parse-regex.ts';
import { characters, repeat } from './pattern.ts';

function accepts(dfa: LazyDfa, text: string): boolean {
  let state = dfa.start;
  for (const byte of new TextEncoder().encode(text)) {
    if (state < 0) return false;
    state = dfa.row(state)[byte];
  }
  return state >= 0 && dfa.distance(state) === 0;
}

/** A text that the automaton accepts: any byte for a while, then the shortest way out. */
function someText(dfa: LazyDfa, next: (below: number) => number): string {
  const bytes: number[] = [];
  let state = dfa.start;
  while (dfa.distance(state) > 0 || (next(3) > 0 && dfa.goesOn(state))) {
    const row = dfa.row(state);
    const distance = dfa.distance(state);
    const options = Array.from(row.keys()).filter(
      (byte) => row[byte] >= 0 && (bytes.length < 20 || dfa.distance(row[byte]) < distance),
    );
    if (options.length === 0) break;
    const byte = options[next(options.length)];
    bytes.push(byte);
    state = row[byte];
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** A small generator, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('regular expressions accept what JavaScript accepts', () => {
  const sources = [
    'abc',
    'a|b|cd',
    '(a|b)*c',
    'a?b+c*',
    'a{2}b{1,3}c{2,}',
    'a{0}b{0,0}c',
    '[a-c]x[^a-c]',
    '[^b\\]]+',
    '\\d+\\.\\d{2}',
    '\\w\\s\\W\\S\\D',
    '(?:ab|a)(?<n>bc|c)',
    '(a*)*b',
    '((a|ab)(c|bcd))(d*)',
    '.b.',
    '^ab|cd$',
    '[\\w.-]+',
    '\\x61\\u0062\\u{63}',
    'é+|[日-本]b?',
    '(|a)b',
    'a+?b*?c??',
    '\\p{Lu}[ab]',
    '[\\d-]b',
    '(a{1,2}b?){2,3}',
    '(?:a?){3}b',
  ];
  const alphabet = ['a', 'b', 'c', 'd', 'x', '1', '2', '.', ' ', '-', ']', '_', 'A', 'é', '日', '\n', '😀'];
  for (const source of sources) {
    it(source, () => {
      const dfa = compilePattern(parseRegex(source, true));
      const expression = new RegExp(`^(?:${source})$`, 'u');
      const search = compilePattern(parseRegex(source, false));
      const anywhere = new RegExp(source, 'u');
      const next = random(source.length);
      for (let i = 0; i < 4000; i++) {
        const few = 2 + next(alphabet.length - 1);
        const text = Array.from({ length: next(7) }, () => alphabet[next(few)]).join('');
        expect(accepts(dfa, text), JSON.stringify(text)).toBe(expression.test(text));
        expect(accepts(search, text), `search ${JSON.stringify(text)}`).toBe(anywhere.test(text));
      }
      for (let i = 0; i < 200; i++) {
        const text = someText(dfa, next);
        expect(expression.test(text), `made ${JSON.stringify(text)}`).toBe(true);
      }
    });
  }

  it('every boundary of UTF-8 is where it should be', () => {
    const edges = [
      0, 0x7f, 0x80, 0x7ff, 0x800, 0x0fff, 0x1000, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x3ffff, 0x40000, 0x10ffff,
    ];
    const next = random(7);
    for (let i = 0; i < 150; i++) {
      const near = (): number => Math.min(0x10ffff, Math.max(0, edges[next(edges.length)] + next(200) - 100));
      const [first, last] = [near(), near()].sort((a, b) => a - b);
      const dfa = compilePattern(characters([first, last]));
      for (const code of [...edges, first - 1, first, first + 1, last - 1, last, last + 1]) {
        if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) continue;
        const inside = code >= first && code <= last;
        expect(accepts(dfa, String.fromCodePoint(code)), `${code} in ${first}-${last}`).toBe(inside);
      }
    }
  });

  for (const [source, complaint] of [
    ['(a', /not closed/],
    ['[a', /not closed/],
    ['a)', /nothing can stand/],
    ['*a', /nothing before it/],
    ['a**', /two quantifiers/],
    ['a{3,1}', /wrong way round/],
    ['(?=a)', /look-around/],
    ['(?<!a)b', /look-around/],
    ['\\bword', /\\b, which is not supported/],
    ['(a)\\1', /\\1, which is not supported/],
    ['a\\', /backslash/],
    ['[z-a]', /lower to a higher/],
    ['(^a)', /\^ inside/],
    ['\\p{Nonsense}', /property/],
  ] as const) {
    it(`${source} is INVALID_OPTION`, () => {
      expect(() => parseRegex(source, true)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
      expect(() => parseRegex(source, true)).toThrow(complaint);
    });
  }

  it('a count beyond all measure is refused, not tried', () => {
    const huge = repeat(characters([97, 97]), 0, 1e9);
    expect(() => compilePattern(huge)).toThrow(/more than 200000 states/);
  });
});

describe('numbers', () => {
  const fits = (value: number, b: NumberBounds): boolean =>
    value >= (b.minimum ?? -Infinity) &&
    value <= (b.maximum ?? Infinity) &&
    value > (b.exclusiveMinimum ?? -Infinity) &&
    value < (b.exclusiveMaximum ?? Infinity);

  it('integers: exactly those within random bounds', () => {
    const next = random(3);
    for (let i = 0; i < 150; i++) {
      const [a, b] = [next(400) - 200, next(3000) - 1500];
      const bounds: NumberBounds = [
        { minimum: a, maximum: b },
        { exclusiveMinimum: a },
        { maximum: a },
        { minimum: a + 0.5, exclusiveMaximum: b },
      ][i % 4];
      const dfa = compilePattern(integerPattern(bounds));
      for (const value of [a - 1, a, a + 1, b - 1, b, b + 1, 0, -1, 9, 10, 99, 100, 101, next(5000) - 2500]) {
        expect(accepts(dfa, String(value)), `${value} in ${JSON.stringify(bounds)}`).toBe(fits(value, bounds));
      }
      for (const text of ['', '-', '01', '-0', '1.0', '+1']) expect(accepts(dfa, text), text).toBe(false);
    }
  });

  it('decimals: exactly those within random bounds, up to six digits of fraction', () => {
    const next = random(11);
    for (let i = 0; i < 200; i++) {
      const [a, b] = [(next(4000) - 2000) / 10 ** next(4), (next(4000) - 2000) / 10 ** next(4)];
      const [low, high] = a < b ? [a, b] : [b, a];
      const bounds: NumberBounds = [
        { minimum: low, maximum: high },
        { exclusiveMinimum: low, exclusiveMaximum: high },
        { minimum: low },
        { exclusiveMaximum: high },
      ][i % 4];
      const dfa = compilePattern(numberPattern(bounds));
      const candidates = [
        low,
        high,
        0,
        (low + high) / 2,
        low + 0.001,
        high - 0.001,
        low - 0.001,
        high + 0.001,
        next(4000) / 100 - 20,
      ];
      for (const candidate of candidates) {
        const digits = next(7);
        const text = candidate.toFixed(digits);
        const value = Number(text);
        if (Object.is(value, -0)) continue;
        // A cut fraction is written with all its digits; a whole one with any number of them.
        const padded = value.toFixed(6);
        const expected = fits(Number(padded), bounds);
        const wholes = Number.isInteger(value) && accepts(dfa, String(value));
        expect(wholes || accepts(dfa, padded), `${padded} in ${JSON.stringify(bounds)}`).toBe(expected);
        if (accepts(dfa, text)) expect(fits(value, bounds), `${text} in ${JSON.stringify(bounds)}`).toBe(true);
      }
    }
  });

  it('without bounds: what JSON writes', () => {
    const dfa = compilePattern(numberPattern({}));
    for (const text of ['0', '-1', '12.5', '1e5', '-0.25E-7', '3e+10']) expect(accepts(dfa, text), text).toBe(true);
    for (const text of ['', '-', '01', '.5', '1.', '1e', 'NaN', '1e999', '+1'])
      expect(accepts(dfa, text), text).toBe(false);
  });
});

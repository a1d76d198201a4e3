import { describe, expect, it } from 'vitest';
import type { Expression } from '../expressions/expression.ts';
import { Expressions } from '../expressions/expressions.ts';
import { Text } from '../text.ts';
import { matchWithin, wholeMatch } from './regex-expression.ts';

const utf8 = new Text(new Expressions(), false);
const { expressions } = utf8;

function accepts(expression: Expression, text: string): boolean {
  return expressions.has(expression, String.fromCharCode(...new TextEncoder().encode(text)));
}

/** A text that is in the set: any byte for a while, then the shortest way out. */
function someText(of: Expression, next: (below: number) => number): string {
  const bytes: number[] = [];
  let left = of;
  const goesOn = (): boolean => expressions.row(left).targets.some((target) => !expressions.isNothing(target));
  while (!left.nullable || (next(3) > 0 && goesOn())) {
    const options = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => {
      const distance = expressions.distance(expressions.after(left, byte));
      return bytes.length < 20 ? distance < Infinity : distance < expressions.distance(left);
    });
    if (options.length === 0) break;
    const byte = options[next(options.length)];
    bytes.push(byte);
    left = expressions.after(left, byte);
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
    '\\bab\\b',
    '^\\w+\\b.\\B',
    '^(?!.*\\.\\.)[a.]+$',
    '(?=.*c)^a.{2,3}$',
    '^(?![ab])\\w(?=c)c',
    'a$|^$',
    '(^a|b)c',
    'x{0}^$',
    '^(?:(?!\\.)[a-c.]*)$',
    '(?:a\\b){1,2}',
    '^((?!ab).)*$',
    '^b(?:(?!(a|A)b)[a-c])+$',
    '\\Ba|(?:b|$)',
  ];
  const alphabet = ['a', 'b', 'c', 'd', 'x', '1', '2', '.', ' ', '-', ']', '_', 'A', 'é', '日', '\n', '😀'];
  for (const source of sources) {
    it(source, () => {
      const whole = wholeMatch(source, utf8);
      const expression = new RegExp(`^(?:${source})$`, 'u');
      const search = matchWithin(source, utf8);
      const anywhere = new RegExp(source, 'u');
      const next = random(source.length);
      for (let i = 0; i < 4000; i++) {
        const few = 2 + next(alphabet.length - 1);
        const text = Array.from({ length: next(7) }, () => alphabet[next(few)]).join('');
        expect(accepts(whole, text), JSON.stringify(text)).toBe(expression.test(text));
        expect(accepts(search, text), `search ${JSON.stringify(text)}`).toBe(anywhere.test(text));
      }
      for (let i = 0; i < 200; i++) {
        const text = someText(whole, next);
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
      const range = utf8.characters([[first, last]]);
      for (const code of [...edges, first - 1, first, first + 1, last - 1, last, last + 1]) {
        if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) continue;
        const inside = code >= first && code <= last;
        expect(accepts(range, String.fromCodePoint(code)), `${code} in ${first}-${last}`).toBe(inside);
      }
    }
  });

  it.each([
    ['(a', /not closed/],
    ['[a', /not closed/],
    ['a)', /\) without its \(/],
    ['*a', /nothing before it/],
    ['a**', /two quantifiers/],
    ['a{3,1}', /wrong way round/],
    ['(?<!a)b', /look-behind/],
    ['(?i)a', /flags/],
    ['(a)\\1', /\\1, which is not supported/],
    ['a\\', /backslash/],
    ['[z-a]', /lower to a higher/],
    ['(?:a\\b)*', /\\b or a look-ahead without end/],
    ['\\p{Nonsense}', /property/],
  ])('%s is INVALID_OPTION', (source, message) => {
    expect(() => wholeMatch(source, utf8)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });

  it.each([
    ['^{[a-z]*}$', '{ab}'],
    ['a]', 'a]'],
    ['^\\/\\_\\-$', '/_-'],
    ['(?P<name>a)', 'a'],
  ])('%s is taken as schemas are written, without the flag u', (source, text) => {
    expect(accepts(matchWithin(source, utf8), text)).toBe(true);
  });

  it('a count beyond all measure costs nothing until it is reached', () => {
    const many = expressions.repeat(utf8.literal('a'), 3, 1e9);
    expect([expressions.distance(many), accepts(many, 'aa'), accepts(many, 'aaaa')]).toEqual([3, false, true]);
  });
});

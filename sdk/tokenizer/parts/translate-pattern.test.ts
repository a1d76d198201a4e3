import { describe, expect, it } from 'vitest';
import { compile } from './read-pattern.ts';
import { translatePattern } from './translate-pattern.ts';

const matches = (regex: string, text: string): string[] => {
  const { source, flags } = compile(translatePattern(regex));
  return Array.from(text.matchAll(new RegExp(source, flags)), ([match]) => match);
};

/** Oniguruma's pattern, a text, its matches. */
const patterns: [string, string, string[]][] = [
  ['a|b.', 'abxb\n', ['a', 'bx']],
  ['.+', 'a\u2028b\rc\nd', ['a\u2028b\rc', 'd']],
  ['^a|b$', 'a\nab\nba', ['a', 'a', 'b']],
  ['\\Aa|b\\z|c\\Z', 'aacabc\n', ['a', 'c']],
  ["(?i:'s|'t)", "'S'ſ'x't", ["'S", "'ſ", "'t"]],
  ["'(?i:[sdmt]|ll)", "'D'LL'm'X", ["'D", "'LL", "'m"]],
  ['(?i)k(?-i:k)|x', 'kkKkkK\u212akX', ['kk', 'Kk', '\u212ak', 'X']],
  ['(?i:[a-c]+)', 'aBcD', ['aBc']],
  ['a++ab|a', 'aaab', ['a', 'a', 'a']],
  ['[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++', ' ab\tc1', [' ab', '\tc']],
  ['(?>a|ab)c', 'abcac', ['ac']],
  ['x?+x', 'xxx', ['xx']],
  ['x{2}+', 'xxxxx', ['xxxx']],
  ['x{,2}y', 'xxxyy', ['xxy', 'y']],
  ['x{1,}?', 'xx', ['x', 'x']],
  ['x{2}?y', 'xxyxyy', ['xxy', 'y', 'y']],
  ['a{b}|{', 'a{b}{', ['a{b}', '{']],
  ['\\s+(?!\\S)', 'a  b \u0085', [' ', ' \u0085']],
  ['\\s', '\ufeff\u00a0', ['\u00a0']],
  ['\\d+', '12٣½', ['12٣']],
  ['\\w+', 'a_é٣\u0301-½', ['a_é٣\u0301']],
  ['\\bé', 'é aé', ['é']],
  ['\\Bé', 'é aé', ['é']],
  ['[\\w&&[^\\d]]+', 'ab12c', ['ab', 'c']],
  ['[a[bc]-]+', 'abc-d', ['abc-']],
  ['[]a]+', ']a', [']a']],
  ['[^]a]+', ']ab', ['b']],
  ['[[:alpha:][:^space:]]+', 'aé1 b', ['aé1', 'b']],
  ['[^[:punct:]]+', 'a+b', ['a', 'b']],
  ['\\p{Han}+|\\p{^L}|\\P{^Lu}', '漢字1A', ['漢字', '1', 'A']],
  ['\\x41\\x{1F600}\\u00e9\\t', 'A😀é\t', ['A😀é\t']],
  ['[\\-\\]\\[()/{}&~`\'"#%,:;<=>@|!]+', '-][()/{}&~`\'"#%,:;<=>@|!', ['-][()/{}&~`\'"#%,:;<=>@|!']],
  ['(?<name>a)(b)(?=c)(?<!x)', 'abc', ['ab']],
  ['(?<=a)b(?!c)', 'abcabd', ['b']],
  ['😀+', '😀😀a', ['😀😀']],
];

describe('a pattern of Oniguruma', () => {
  it.each(patterns)('%s finds in %j what it finds there', (regex, text, expected) => {
    expect(matches(regex, text)).toEqual(expected);
  });

  it.each([
    ['(a)\\1', '\\\\1'],
    ['\\k<a>', '\\\\k'],
    ['\\R', '\\\\R'],
    ['\\G', '\\\\G'],
    ['\\K', '\\\\K'],
    ['(?m:.)', 'the group'],
    ['(?~a)', 'the group'],
    ['(?#a)', 'the group'],
    ['(?(1)a|b)', 'the group'],
    ['*a', 'nothing before \\*'],
    ['(a', 'without an end'],
    ['a)', 'a parenthesis too many'],
    ['[a', 'a class without an end'],
    ['[a&&]', 'an empty class'],
    ['[\\d-z]', 'a range from'],
    ['[a-\\d]', 'a range to'],
    ['\\p{Nothing}', 'the property Nothing'],
    ['\\pL', '\\\\p'],
    ['(?i:é)', 'é where case'],
    ['(?i:\\p{Lu})', 'Lu where case'],
    ['a\\', '\\\\'],
  ])('%s is refused: %s', (regex, message) => {
    expect(() => translatePattern(regex)).toThrow(new RegExp(message));
  });

  it('that needs no sets within sets runs where an engine has none', () => {
    const source = translatePattern(
      "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s+(?!\\S)|\\s+",
    );
    const text = "It's 12345 ok !!\r\n  x";
    expect(text.match(new RegExp(source, 'gu'))).toEqual(text.match(new RegExp(source, 'gv')));
    expect(() => new RegExp(translatePattern('[a&&[b]]'), 'u')).toThrow(SyntaxError);
  });
});

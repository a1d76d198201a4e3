import { describe, expect, it } from 'vitest';
import { Expressions } from '../expressions/expressions.ts';
import { Text } from '../text.ts';
import { NumberLanguage } from './number-language.ts';

const text = new Text(new Expressions(), false);
const { expressions } = text;
const numbers = new NumberLanguage(text);
const texts = [
  ...[
    '0',
    '-0',
    '0.0',
    '-0.00',
    '1',
    '-1',
    '1.0',
    '1.5',
    '1.50',
    '0.25',
    '-0.25',
    '0.3',
    '0.30',
    '9',
    '9.99',
    '10',
    '12',
    '19.999',
  ],
  ...[
    '20',
    '20.5',
    '99',
    '100',
    '100.0',
    '100.001',
    '101',
    '-12',
    '-12.5',
    '-100',
    '-99.99',
    '1000',
    '0.001',
    '0.0010',
    '123456789.5',
  ],
];
const bounds = [
  0, 1, -1, 0.25, -0.25, 0.3, 1.5, 9.99, 10, 12.5, -12.5, 20, 100, -100, 1e3, 1e-3, 1e30, -1e30, 123456789,
];

describe('sets of numbers hold every text of their values', () => {
  it.each(bounds)('around %d', (bound) => {
    for (const each of texts) {
      const value = Number(each);
      expect(expressions.has(numbers.atLeast(bound, false), each), `${each} >= ${bound}`).toBe(value >= bound);
      expect(expressions.has(numbers.atLeast(bound, true), each), `${each} > ${bound}`).toBe(value > bound);
      expect(expressions.has(numbers.atMost(bound, false), each), `${each} <= ${bound}`).toBe(value <= bound);
      expect(expressions.has(numbers.atMost(bound, true), each), `${each} < ${bound}`).toBe(value < bound);
      expect(expressions.has(numbers.equalTo(bound), each), `${each} = ${bound}`).toBe(value === bound);
    }
  });

  it.each([1, 2, 3, 7, 10, 60, 0.5, 0.25, 0.01, 0.1, 2.5, 1e-3])('multiples of %d', (step) => {
    const multiples = numbers.multipleOf(step);
    if (!multiples) throw new Error('no multiples');
    for (const each of texts) {
      const thousandths = Math.round(Number(each) * 1e6);
      expect(expressions.has(multiples, each), each).toBe(thousandths % Math.round(step * 1e6) === 0);
    }
  });

  it('the nearest end of a multiple is told without a search', () => {
    const multiples = expressions.both(numbers.integerForm, numbers.multipleOf(86_400_000) ?? expressions.nothing);
    let left = multiples;
    for (const byte of '1234') left = expressions.after(left, byte.charCodeAt(0));
    const end = expressions.distance(left);
    expect([end, 1234 * 10 ** end + 86_400_000 > Math.ceil((1234 * 10 ** end) / 86_400_000) * 86_400_000]).toEqual([
      8,
      true,
    ]);
  });

  it('forms', () => {
    const of = (form: keyof NumberLanguage) => texts.filter((each) => expressions.has(numbers[form] as never, each));
    expect(of('plain')).toEqual(texts);
    expect(of('any')).toEqual(texts);
    expect(of('integerForm')).toEqual(texts.filter((each) => each !== '-0' && !each.includes('.')));
    expect(of('wholeValues')).toEqual(texts.filter((each) => Number.isInteger(Number(each))));
    expect(of('shortestForm')).toEqual(texts.filter((each) => String(Number(each)) === each));
    expect(expressions.has(numbers.any, '1.5e-7')).toBe(true);
    expect(expressions.has(numbers.any, '01')).toBe(false);
  });
});

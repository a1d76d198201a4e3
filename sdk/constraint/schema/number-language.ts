import type { Expression } from '../expressions/expression.ts';
import type { Text } from '../text.ts';
import { type Decimal, toDecimal } from './decimal.ts';

/** A whole part and a fraction have as many digits at the most; without a limit numbers would run on for ever. */
const MAX_DIGITS = 24;
/** Largest whole number whose multiples can be told: remainders times ten must be exact. */
const MAX_STEP = 2 ** 49;

/**
 * Sets of JSON numbers, as the texts that write them without an exponent. Each of these sets has, with one text of a value, all
 * of them (1, 1.0, 1.00; 0 and -0): so complement and intersection of texts are those of values.
 */
export class NumberLanguage {
  readonly #text: Text;
  readonly #digits: Expression;
  readonly #anyFraction: Expression;
  /** Every number that is written without an exponent. */
  readonly plain: Expression;
  /** Every number. */
  readonly any: Expression;
  readonly wholeValues: Expression;
  /** As whole numbers are written, and numbers of any kind without zeros that say nothing. */
  readonly integerForm: Expression;
  readonly shortestForm: Expression;

  constructor(text: Text) {
    this.#text = text;
    const { expressions: x } = text;
    this.#digits = x.repeat(this.#between(0, 9), 0, Infinity);
    const digits = (min: number, max = MAX_DIGITS): Expression => x.repeat(this.#between(0, 9), min, max);
    const minus = x.optional(text.literal('-'));
    const natural = x.choice([text.literal('0'), x.sequence(this.#between(1, 9), digits(0, MAX_DIGITS - 1))]);
    const point = text.literal('.');
    this.#anyFraction = x.optional(x.sequence(point, this.#between(0, 9), this.#digits));
    this.integerForm = x.choice([text.literal('0'), x.sequence(minus, this.#between(1, 9), digits(0, MAX_DIGITS - 1))]);
    this.plain = x.sequence(minus, natural, x.optional(x.sequence(point, digits(1))));
    const sign = x.optional(x.choice([text.literal('+'), text.literal('-')]));
    const exponent = x.sequence(x.choice([text.literal('e'), text.literal('E')]), sign, digits(1, 2));
    this.any = x.sequence(this.plain, x.optional(exponent));
    const zeros = x.repeat(this.#between(0, 0), 1, Infinity);
    this.wholeValues = x.sequence(minus, natural, x.optional(x.sequence(point, zeros)));
    const endless = x.sequence(minus, natural, point, this.#digits, this.#between(1, 9));
    this.shortestForm = x.choice([this.integerForm, endless]);
  }

  atLeast(value: number, open: boolean): Expression {
    const { expressions: x } = this.#text;
    if (value > 0) return this.#magnitudeAtLeast(toDecimal(value), open);
    const negative = this.#magnitudeAtMost(toDecimal(value), open);
    const zero = value < 0 || !open ? this.#negative(this.#magnitudeAtMost(toDecimal(0), false)) : x.nothing;
    const positive =
      value === 0 ? this.#magnitudeAtLeast(toDecimal(0), open) : this.#magnitudeAtLeast(toDecimal(0), false);
    return x.choice([positive, zero, value < 0 ? this.#negative(negative) : x.nothing]);
  }

  atMost(value: number, open: boolean): Expression {
    const { expressions: x } = this.#text;
    // The mirror image, with the sign the other way round.
    if (value < 0) return this.#negative(this.#magnitudeAtLeast(toDecimal(value), open));
    const negative =
      value === 0 && open ? this.#magnitudeAtLeast(toDecimal(0), true) : this.#magnitudeAtLeast(toDecimal(0), false);
    return x.choice([this.#magnitudeAtMost(toDecimal(value), open), this.#negative(negative)]);
  }

  equalTo(value: number): Expression {
    return this.#text.expressions.both(this.atLeast(value, false), this.atMost(value, false));
  }

  /** Multiples of a positive number, undefined where its digits are too many to be told. */
  multipleOf(value: number): Expression | undefined {
    const { whole, fraction } = toDecimal(value);
    const step = Number(whole + fraction);
    const scale = fraction.length;
    if (step > MAX_STEP || scale > MAX_DIGITS || 10 ** scale > MAX_STEP) return undefined;
    const { expressions: x } = this.#text;
    const multiple = x.multiple({ step, scale, remainder: 0, places: -1 });
    return x.sequence(x.optional(this.#text.literal('-')), multiple);
  }

  #negative(magnitude: Expression): Expression {
    return this.#text.expressions.sequence(this.#text.literal('-'), magnitude);
  }

  #between(first: number, last: number): Expression {
    return first > last ? this.#text.expressions.nothing : this.#text.characters([[0x30 + first, 0x30 + last]]);
  }

  #magnitudeAtLeast({ whole, fraction }: Decimal, open: boolean): Expression {
    const { expressions: x } = this.#text;
    const more = x.sequence(this.#naturalAbove(whole), this.#anyFraction);
    const same = x.sequence(this.#text.literal(whole), this.#fractionAtLeast(fraction, open));
    return x.choice([more, same]);
  }

  #magnitudeAtMost({ whole, fraction }: Decimal, open: boolean): Expression {
    const { expressions: x } = this.#text;
    if (whole.length > MAX_DIGITS)
      return x.sequence(x.choice([this.#naturalAbove('0'), this.#text.literal('0')]), this.#anyFraction);
    const less = x.sequence(this.#naturalBelow(whole), this.#anyFraction);
    const same = x.sequence(this.#text.literal(whole), this.#fractionAtMost(fraction, open));
    return x.choice([less, same]);
  }

  #fractionAtLeast(fraction: string, open: boolean): Expression {
    const { expressions: x } = this.#text;
    if (fraction === '' && !open) return this.#anyFraction;
    return x.sequence(this.#text.literal('.'), this.#digitsAtLeast(fraction, open));
  }

  #digitsAtLeast(fraction: string, open: boolean): Expression {
    const { expressions: x } = this.#text;
    if (fraction === '') return open ? x.sequence(this.#digits, this.#between(1, 9), this.#digits) : this.#digits;
    const first = Number(fraction[0]);
    return x.choice([
      x.sequence(this.#between(first + 1, 9), this.#digits),
      x.sequence(this.#between(first, first), this.#digitsAtLeast(fraction.slice(1), open)),
    ]);
  }

  #fractionAtMost(fraction: string, open: boolean): Expression {
    const { expressions: x } = this.#text;
    const digits = x.both(this.#digitsAtMost(fraction, open), x.not(x.empty));
    const written = x.sequence(this.#text.literal('.'), digits);
    return fraction === '' && open ? x.nothing : x.optional(written);
  }

  #digitsAtMost(fraction: string, open: boolean): Expression {
    const { expressions: x } = this.#text;
    if (fraction === '') return open ? x.nothing : x.repeat(this.#between(0, 0), 0, Infinity);
    const first = Number(fraction[0]);
    return x.choice([
      x.empty,
      x.sequence(this.#between(0, first - 1), this.#digits),
      x.sequence(this.#between(first, first), this.#digitsAtMost(fraction.slice(1), open)),
    ]);
  }

  #naturalAbove(whole: string): Expression {
    const { expressions: x } = this.#text;
    const longer = x.sequence(
      this.#between(1, 9),
      x.repeat(this.#between(0, 9), whole === '0' ? 0 : whole.length, Infinity),
    );
    return whole === '0' ? longer : x.choice([longer, ...this.#sameLength(whole, (digit) => [digit + 1, 9])]);
  }

  #naturalBelow(whole: string): Expression {
    const { expressions: x } = this.#text;
    if (whole === '0') return x.nothing;
    const longest = whole.length - 2;
    const shorter =
      longest < 0 ? x.nothing : x.sequence(this.#between(1, 9), x.repeat(this.#between(0, 9), 0, longest));
    return x.choice([
      this.#text.literal('0'),
      shorter,
      ...this.#sameLength(whole, (digit, at) => [at === 0 ? 1 : 0, digit - 1]),
    ]);
  }

  /** Numbers of as many digits that first differ in one place, there by a digit of a range. */
  #sameLength(whole: string, range: (digit: number, at: number) => [number, number]): Expression[] {
    const { expressions: x } = this.#text;
    return Array.from(whole, (digit, at) => {
      const rest = whole.length - at - 1;
      return x.sequence(
        this.#text.literal(whole.slice(0, at)),
        this.#between(...range(Number(digit), at)),
        x.repeat(this.#between(0, 9), rest, rest),
      );
    });
  }
}

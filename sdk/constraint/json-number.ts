import {
  characters,
  choice,
  digit,
  empty,
  literal,
  nothing,
  optional,
  type Pattern,
  repeat,
  sequence,
} from './pattern.ts';

/** What a schema says of a number; absent is unbounded. */
export interface NumberBounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** Whole numbers stay below 10^15, which f64 holds exactly; digits of a fraction, which would else go on and on. */
const WHOLE_DIGITS = 15;
const FRACTION_DIGITS = 15;
const LARGEST = 10 ** WHOLE_DIGITS - 1;

/** Integers within the bounds, without sign zeros or leading zeros. */
export function integerPattern(bounds: NumberBounds): Pattern {
  const [low, high] = limits(bounds);
  const first = Math.max(low.open && Number.isInteger(low.value) ? low.value + 1 : Math.ceil(low.value), -LARGEST);
  const last = Math.min(high.open && Number.isInteger(high.value) ? high.value - 1 : Math.floor(high.value), LARGEST);
  return choice(sequence(literal('-'), naturals(Math.max(1, -last), -first)), naturals(Math.max(0, first), last));
}

/** Numbers within the bounds; with an exponent only where there are none. */
export function numberPattern(bounds: NumberBounds): Pattern {
  const [low, high] = limits(bounds);
  if (low.value === -Infinity && high.value === Infinity) {
    const whole = naturals(0, LARGEST);
    const fraction = sequence(literal('.'), repeat(digit(), 1, FRACTION_DIGITS));
    const exponent = sequence(
      characters([0x45, 0x45], [0x65, 0x65]),
      optional(characters([0x2b, 0x2b], [0x2d, 0x2d])),
      repeat(digit(), 1, 2),
    );
    return sequence(optional(literal('-')), whole, optional(fraction), optional(exponent));
  }
  const zero = { value: 0, open: false };
  const positive = magnitudes(low.value < 0 ? zero : low, high);
  const negative = magnitudes(high.value > 0 ? zero : { value: -high.value, open: high.open }, {
    value: -low.value,
    open: low.open,
  });
  return choice(positive, sequence(literal('-'), negative));
}

interface Limit {
  readonly value: number;
  /** The value itself is outside. */
  readonly open: boolean;
}

function limits({
  minimum = -Infinity,
  maximum = Infinity,
  exclusiveMinimum = -Infinity,
  exclusiveMaximum = Infinity,
}: NumberBounds): [Limit, Limit] {
  return [
    exclusiveMinimum >= minimum && exclusiveMinimum > -Infinity
      ? { value: exclusiveMinimum, open: true }
      : { value: minimum, open: false },
    exclusiveMaximum <= maximum && exclusiveMaximum < Infinity
      ? { value: exclusiveMaximum, open: true }
      : { value: maximum, open: false },
  ];
}

/** Numbers of at least 0 between two limits: whole cells with any fraction, and the cells that a limit cuts. */
function magnitudes(low: Limit, high: Limit): Pattern {
  if (low.value > high.value || high.value < 0) return nothing();
  const top = high.value > LARGEST ? { value: LARGEST, open: false } : high;
  const [lowCell, lowDigits] = decimal(low.value);
  const [topCell, topDigits] = decimal(top.value);
  const width = Math.max(6, lowDigits.length, topDigits.length);
  const ceiling = '9'.repeat(width);
  /** Numbers cell.fraction with fraction from `from` to `to`, both of `width` digits. */
  const cut = (cell: number, from: string, to: string): Pattern =>
    from > to ? nothing() : sequence(literal(`${cell}.`), digitsBetween(from, to));
  const after = (digits: string): string => (BigInt(digits) + 1n).toString().padStart(width, '0');
  const before = (digits: string): string =>
    digits === '0'.repeat(width) ? '' : (BigInt(digits) - 1n).toString().padStart(width, '0');
  const padded = (digits: string): string => digits.padEnd(width, '0');

  const from = low.open ? after(padded(lowDigits)) : padded(lowDigits);
  const to = top.open ? before(padded(topDigits)) : padded(topDigits);
  const firstWhole = lowDigits === '' && !low.open ? lowCell : lowCell + 1;
  const lastWhole = topDigits === '' && top.open ? topCell - 1 : topCell;
  const options = [naturals(firstWhole, lastWhole)];
  if (lowCell === topCell) {
    if (to !== '' && from.length === width) options.push(cut(lowCell, from, to));
  } else {
    if (from.length === width) options.push(cut(lowCell, from, ceiling));
    if (to !== '') options.push(cut(topCell, '0'.repeat(width), to));
    const anyFraction = optional(sequence(literal('.'), repeat(digit(), 1, width)));
    options.push(sequence(naturals(lowCell + 1, topCell - 1), anyFraction));
  }
  return choice(...options);
}

/** Whole part and digits of the fraction of a number of at least 0. */
function decimal(value: number): [whole: number, digits: string] {
  const [whole, fraction = ''] = value.toFixed(20).split('.');
  const text = String(value);
  const digits = text.includes('e') ? fraction : (text.split('.')[1] ?? '');
  return [Number(whole), digits.replace(/0+$/, '')];
}

/** Whole numbers from `first` to `last`, at least 0, without leading zeros. */
function naturals(first: number, last: number): Pattern {
  const options: Pattern[] = [];
  if (first <= 1 && last === LARGEST) {
    const any = sequence(characters([0x31, 0x39]), repeat(digit(), 0, WHOLE_DIGITS - 1));
    return first <= 0 ? choice(literal('0'), any) : any;
  }
  for (let length = 1; length <= WHOLE_DIGITS; length++) {
    const from = Math.max(first, length === 1 ? 0 : 10 ** (length - 1));
    const to = Math.min(last, 10 ** length - 1);
    if (from <= to) options.push(digitsBetween(String(from), String(to)));
  }
  return choice(...options);
}

/** Strings of as many digits as both, from the one to the other. */
function digitsBetween(from: string, to: string): Pattern {
  if (from === '') return empty();
  if (/^0*$/.test(from) && /^9*$/.test(to)) return repeat(digit(), from.length, from.length);
  const rest = from.length - 1;
  const [a, b] = [from.charCodeAt(0), to.charCodeAt(0)];
  if (a === b) return sequence(characters([a, a]), digitsBetween(from.slice(1), to.slice(1)));
  const options = [
    sequence(characters([a, a]), digitsBetween(from.slice(1), '9'.repeat(rest))),
    sequence(characters([b, b]), digitsBetween('0'.repeat(rest), to.slice(1))),
  ];
  if (b - a > 1) options.push(sequence(characters([a + 1, b - 1]), repeat(digit(), rest, rest)));
  return choice(...options);
}

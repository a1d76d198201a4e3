/** A number of at least 0 as its digits, without zeros that say nothing. */
export interface Decimal {
  /** '0', or without leading zeros. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

/** The digits of a number's absolute value, as JavaScript writes it, but without an exponent. */
export function toDecimal(value: number): Decimal {
  const [digits, exponent = '0'] = String(Math.abs(value)).split('e');
  const [whole, fraction = ''] = digits.split('.');
  const shift = Number(exponent);
  const all = shift < 0 ? '0'.repeat(-shift) + whole + fraction : (whole + fraction).padEnd(whole.length + shift, '0');
  const point = shift < 0 ? whole.length : whole.length + shift;
  return {
    whole: all.slice(0, point).replace(/^0+(?=.)/, '') || '0',
    fraction: all.slice(point).replace(/0+$/, ''),
  };
}

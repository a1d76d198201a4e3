import type { Multiple } from './expression.ts';

/** Whether what was read is a multiple already. */
export function isMultiple({ step, scale, remainder, places }: Multiple): boolean {
  return (remainder * (10 ** (places < 0 ? scale : places) % step)) % step === 0;
}

/** After one more digit; undefined where no digit can follow but a zero, and this is none. */
export function afterDigit(multiple: Multiple, digit: number): Multiple | undefined {
  const { step, remainder, places } = multiple;
  if (places === 0) return digit === 0 ? multiple : undefined;
  return { ...multiple, remainder: (remainder * 10 + digit) % step, places: places < 0 ? -1 : places - 1 };
}

/** After the decimal point. */
export function afterPoint(multiple: Multiple): Multiple | undefined {
  return multiple.places < 0 ? { ...multiple, places: multiple.scale } : undefined;
}

/** How many bytes make it a multiple at the least; Infinity where none do. */
export function leastForMultiple(multiple: Multiple): number {
  const { scale, places } = multiple;
  if (isMultiple(multiple)) return 0;
  if (places >= 0) return leastDigits(multiple, places, places);
  // Digits of the whole part, each of which multiplies what was read by ten; or the point and digits after it.
  return Math.min(leastDigits(multiple, 18, scale, true), 1 + leastDigits(multiple, scale, scale));
}

/** The fewest digits, at most `most`, with which the value is a multiple; `scale` digits would still count after them. */
function leastDigits({ step, remainder }: Multiple, most: number, scale: number, whole = false): number {
  for (let digits = 1; digits <= most; digits++) {
    const shift = whole ? scale : scale - digits;
    // (remainder · 10^digits + x) · 10^shift must be a multiple of step: of this step in x alone.
    const ten = 10 ** shift;
    const own = step / commonDivisor(step, ten);
    const missing = (own - mulPow(remainder, digits, own)) % own;
    if (missing < 10 ** digits) return digits;
  }
  return Infinity;
}

function mulPow(value: number, digits: number, modulus: number): number {
  let result = value % modulus;
  for (let i = 0; i < digits; i++) result = (result * 10) % modulus;
  return result;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

import type { CodePointRange } from '../code-point-range.ts';

const LAST = 0x10ffff;
const CLASSES: Record<string, CodePointRange[]> = {
  d: [[0x30, 0x39]],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  s: [
    [9, 13],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
};

/** Every code point outside the ranges. */
export function complementRanges(ranges: readonly CodePointRange[]): CodePointRange[] {
  const gaps: CodePointRange[] = [];
  let next = 0;
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (first > next) gaps.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= LAST) gaps.push([next, LAST]);
  return gaps;
}

/** The set of a class escape: d, w, s, and in capitals what is outside them. */
export function classEscape(letter: string): CodePointRange[] | undefined {
  const set = CLASSES[letter.toLowerCase()];
  return set && !(letter in CLASSES) ? complementRanges(set) : set;
}

/** What a dot means: everything but the line ends. */
export function dotRanges(): CodePointRange[] {
  return complementRanges([
    [10, 10],
    [13, 13],
    [0x2028, 0x2029],
  ]);
}

/** Code points with a Unicode property, asked of the engine; undefined where it does not know the property. */
export function propertyRanges(property: string): CodePointRange[] | undefined {
  let expression: RegExp;
  try {
    expression = new RegExp(`^\\p{${property}}$`, 'u');
  } catch {
    return undefined;
  }
  const ranges: [number, number][] = [];
  for (let code = 0; code <= LAST; code++) {
    if (!expression.test(String.fromCodePoint(code))) continue;
    const previous = ranges.at(-1);
    if (previous && previous[1] === code - 1) previous[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
}

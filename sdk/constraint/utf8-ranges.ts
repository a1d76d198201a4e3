/** A sequence of byte ranges, one per byte of the encoding. */
export type ByteRanges = readonly (readonly [first: number, last: number])[];

const LAST_OF_LENGTH = [0x7f, 0x7ff, 0xffff, 0x10ffff];

/** The UTF-8 encodings of a range of code points, as sequences of byte ranges; surrogates are left out. */
export function utf8Ranges(first: number, last: number): ByteRanges[] {
  if (first > last) return [];
  if (first <= 0xdfff && last >= 0xd800) return [...utf8Ranges(first, 0xd7ff), ...utf8Ranges(0xe000, last)];
  for (const limit of LAST_OF_LENGTH) {
    if (first <= limit && limit < last) return [...utf8Ranges(first, limit), ...utf8Ranges(limit + 1, last)];
  }
  const length = LAST_OF_LENGTH.findIndex((limit) => last <= limit) + 1;
  // Where the leading parts differ, the trailing bytes must span everything: split until they do.
  for (let trailing = 1; trailing < length; trailing++) {
    const mask = (1 << (6 * trailing)) - 1;
    if ((first & ~mask) === (last & ~mask)) continue;
    if ((first & mask) !== 0) return [...utf8Ranges(first, first | mask), ...utf8Ranges((first | mask) + 1, last)];
    if ((last & mask) !== mask) return [...utf8Ranges(first, (last & ~mask) - 1), ...utf8Ranges(last & ~mask, last)];
  }
  const from = encode(first, length);
  const to = encode(last, length);
  return [from.map((byte, i) => [byte, to[i]] as const)];
}

function encode(codePoint: number, length: number): number[] {
  if (length === 1) return [codePoint];
  const bytes: number[] = [];
  let rest = codePoint;
  for (let i = 1; i < length; i++) {
    bytes.unshift(0x80 | (rest & 0x3f));
    rest >>= 6;
  }
  return [((0xf00 >> length) & 0xff) | rest, ...bytes];
}

import type { CodePointRange } from './code-point-range.ts';
import { type ByteRanges, utf8Ranges } from './utf8-ranges.ts';

/** What JSON writes with a backslash and a letter. */
const SHORT_ESCAPES: Record<number, string> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r', 34: '"', 92: '\\' };

/** How a JSON string holds the characters of a range: as they are, or with a backslash where they must be. */
export function inString(first: number, last: number): ByteRanges[] {
  const plain: CodePointRange[] = [
    [0x20, 0x21],
    [0x23, 0x5b],
    [0x5d, 0x10ffff],
  ];
  const encodings = plain.flatMap(([from, to]) => utf8Ranges(Math.max(first, from), Math.min(last, to)));
  return [...encodings, ...escapes(first, Math.min(last, 0x5c))];
}

/** Escapes that differ in their last byte alone, and by one, are one range. */
function escapes(first: number, last: number): ByteRanges[] {
  const found: { prefix: string; from: number; to: number }[] = [];
  for (let code = first; code <= last; code++) {
    if (code >= 0x20 && code !== 0x22 && code !== 0x5c) continue;
    const text = SHORT_ESCAPES[code] ? `\\${SHORT_ESCAPES[code]}` : `\\u${code.toString(16).padStart(4, '0')}`;
    const [prefix, byte] = [text.slice(0, -1), text.charCodeAt(text.length - 1)];
    const previous = found.at(-1);
    if (previous?.prefix === prefix && previous.to === byte - 1) previous.to = byte;
    else found.push({ prefix, from: byte, to: byte });
  }
  return found.map(({ prefix, from, to }) => [
    ...Array.from(prefix, (character) => [character.charCodeAt(0), character.charCodeAt(0)] as const),
    [from, to] as const,
  ]);
}

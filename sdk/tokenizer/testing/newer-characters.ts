import type { Tokenizer } from '../tokenizer.ts';

/** Code points with characters in any Unicode version; the planes between and behind are empty. */
const planes: [number, number][] = [
  [0, 0x3ffff],
  [0xe0000, 0xe0fff],
];

/**
 * The characters that another tokenizer takes for symbols and this one for letters or numbers, or the other way
 * round: those of Unicode versions that only one of them knows, and no others if both are right. A symbol before
 * "'s" takes the apostrophe along, a letter does not.
 */
export function newerCharacters(tokenizer: Tokenizer, encode: (text: string) => ArrayLike<number>): Set<string> {
  const differs = (text: string): boolean => Array.from(encode(text)).join() !== tokenizer.encode(text).join();
  const probe = (code: number): string => `${String.fromCodePoint(code)}'s\n`;
  const found = new Set<string>();
  for (const [first, last] of planes) {
    for (let start = first; start <= last; start += 128) {
      let text = '';
      for (let code = start; code < start + 128; code++) text += probe(code);
      if (!differs(text)) continue;
      for (let code = start; code < start + 128; code++)
        if (differs(probe(code))) found.add(String.fromCodePoint(code));
    }
  }
  return found;
}

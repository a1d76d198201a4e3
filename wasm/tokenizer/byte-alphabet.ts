// Byte-level vocabularies spell every byte as one printable character: a byte that is a visible Latin-1
// character as itself, the 68 others, in order, as U+0100 and on.
import { allocate } from './memory';

/** Code points of the alphabet lie below this. */
const ALPHABET_END: u32 = 324;
/** What `byteOf` gives for a character outside the alphabet. */
export const NO_BYTE: u32 = 0xffff;

export let byteTable: usize = 0;

/** Fills the table from code point to byte. */
export function buildByteAlphabet(): void {
  byteTable = allocate(ALPHABET_END * 2);
  memory.fill(byteTable, 0xff, ALPHABET_END * 2);
  let next: u32 = 256;
  for (let byte: u32 = 0; byte < 256; byte++) {
    const visible = (byte > 32 && byte < 127) || (byte > 160 && byte != 173);
    store<u16>(byteTable + ((visible ? byte : (next++)) << 1), byte);
  }
}

/** The byte that a character of the alphabet spells, or `NO_BYTE`. */
// @ts-ignore: decorator
@inline
export function byteOf(codePoint: u32): u32 {
  return codePoint < ALPHABET_END ? load<u16>(byteTable + (codePoint << 1)) : NO_BYTE;
}

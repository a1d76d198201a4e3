// Reads one token as the files spell it into the bytes it stands for.
import { byteOf, NO_BYTE } from './byte-alphabet';
import { copyText } from './blanks';
import { codePointAt, widthOf } from './utf8';
import { EVERY_KIND } from './variant';

/** How the vocabulary spells its tokens, and flags; sdk/tokenizer/spelling.ts has the same numbers. */
export const BYTES: u32 = 0;
/** GPT-1: text as it is, the last piece of a word with an end mark. */
export const WORDS: u32 = 1;
/** SentencePiece: text, blanks as U+2581; tokens are found by their characters. */
export const TEXT: u32 = 2;
/** With TEXT: a character without a token is the tokens of its bytes, <0x00> to <0xFF>. */
const BYTE_FALLBACK: u32 = 4;
/** With TEXT: unknown characters in a row are one unknown token. */
const FUSE_UNKNOWN: u32 = 8;
/** With TEXT: a piece ends before every blank. */
const CUT_BLANKS: u32 = 16;

export let spelling: u32 = BYTES;
/** Whether the last token read stands for a text that no piece of text can be: see `readKey`. */
export let keyIsRaw: bool = false;

export function setSpelling(flags: u32): void {
  spelling = flags;
}

// @ts-ignore: decorator
@inline
export function isByteLevel(): bool {
  return !EVERY_KIND || spelling == BYTES;
}

// @ts-ignore: decorator
@inline
export function isText(): bool {
  return EVERY_KIND && (spelling & TEXT) != 0;
}

export function fusesUnknown(): bool {
  return (spelling & FUSE_UNKNOWN) != 0;
}

export function cutsBlanks(): bool {
  return (spelling & CUT_BLANKS) != 0;
}

/**
 * Reads the token that the files spell from `from` to `end` into bytes at `to`; gives their number. A token is raw, and not
 * found in a text, where it has a character outside the byte alphabet, or as TEXT a blank that is none of the vocabulary's.
 */
export function readKey(from: usize, end: usize, to: usize): u32 {
  keyIsRaw = false;
  if (isByteLevel()) {
    let write = to;
    let at = from;
    while (true) {
      if (at >= end) return <u32>(write - to);
      const width = widthOf(load<u8>(at));
      const byte = byteOf(codePointAt(at, width));
      if (byte == NO_BYTE) break;
      store<u8>(write++, byte);
      at += width;
    }
    keyIsRaw = true;
  }
  if (isText()) {
    for (let at = from; at < end; at++) if (load<u8>(at) == 32) keyIsRaw = true;
    return copyText(from, end, to);
  }
  memory.copy(to, from, end - from);
  return <u32>(end - from);
}

/** Which byte a token stands for that is spelled <0x00> to <0xFF> where the vocabulary has such; 256 for all others. */
export function byteNamed(from: usize, end: usize): u32 {
  // "<0x", and ">" behind two digits
  if (!(spelling & BYTE_FALLBACK) || end - from != 6 || (load<u32>(from) & 0xffffff) != 0x78303c || load<u8>(from, 5) != 62)
    return 256;
  const high = digit(load<u8>(from, 3));
  const low = digit(load<u8>(from, 4));
  return high > 15 || low > 15 ? 256 : (high << 4) | low;
}

/** Value of a hexadecimal digit, 16 or more for all else. */
function digit(byte: u32): u32 {
  return byte - 48 < 10 ? byte - 48 : byte - 65 < 6 ? byte - 55 : 16;
}

// The pieces that all split patterns are made of. Positions are bytes of UTF-8; the end is where the text
// in memory ends, and memory reads as zero or old text behind it, so every step checks against it.
import { classOf, classTable, isIn, LETTERS, SPACES } from './unicode-class';
import { codePointAt, widthOf } from './utf8';

/** Furthest byte that the last piece's end depends on, for text that goes on in the next chunk. */
export let seen: usize = 0;

/** Class of the character at `at`, and its width << 8. */
// @ts-ignore: decorator
@inline
export function classAndWidth(at: usize): u32 {
  const lead = <u32>load<u8>(at);
  return lead < 0x80 ? load<u8>(classTable + lead) | 0x100 : wideClassAndWidth(at, lead);
}

function wideClassAndWidth(at: usize, lead: u32): u32 {
  const width = widthOf(lead);
  return classOf(codePointAt(at, width)) | (width << 8);
}

/** Class of the character at `at`, or `SPACE`-less zero at the end. */
// @ts-ignore: decorator
@inline
export function classAtOrNone(at: usize, end: usize): u32 {
  return at < end ? classAndWidth(at) & 0xff : NONE;
}
/** A class number in no set. */
export const NONE: u32 = 31;

/** End of the run of characters whose class is in `set`. */
// @ts-ignore: decorator
@inline
export function runOf(set: u32, at: usize, end: usize): usize {
  while (at < end) {
    const found = classAndWidth(at);
    if (!isIn(set, found & 0xff)) break;
    at += found >> 8;
  }
  return at;
}

/** Like `runOf`, but at most `most` characters. */
export function runOfAtMost(set: u32, at: usize, end: usize, most: u32): usize {
  for (; most > 0 && at < end; most--) {
    const found = classAndWidth(at);
    if (!isIn(set, found & 0xff)) break;
    at += found >> 8;
  }
  return at;
}

/** End of the run of \r and \n, and of / where `slash` says so. */
export function runOfNewlines(at: usize, end: usize, slash: bool): usize {
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte != 10 && byte != 13 && !(slash && byte == 47)) break;
  }
  return at;
}

/** `\s+(?!\S)|\s+`, and before it `\s*[\r\n]+` where `newlines`. `at` begins with white space. */
export function spacePiece(at: usize, end: usize, newlines: bool): usize {
  const run = runOf(SPACES, at, end);
  seen = run;
  if (newlines) {
    for (let back = run; back > at; back--) {
      const byte = load<u8>(back - 1);
      if (byte == 10 || byte == 13) return back;
    }
  }
  if (run == end) return run;
  // The last one stays for the word that follows, unless it is the only one.
  let last = run - 1;
  while ((load<u8>(last) & 0xc0) == 0x80) last--;
  return last > at ? last : run;
}

/** End of 's 't 're 've 'm 'll 'd at `at`, or `at`; with `anyCase` upper case too, and the long s. */
export function contraction(at: usize, end: usize, anyCase: bool): usize {
  if (end - at < 2 || load<u8>(at) != 39) return at;
  const fold: u32 = anyCase ? 32 : 0;
  const first = <u32>load<u8>(at, 1) | fold;
  if (first == 115 || first == 116 || first == 109 || first == 100) return at + 2;
  if (end - at < 3) return at;
  if (anyCase && load<u16>(at, 1) == 0xbfc5) return at + 3;
  const second = <u32>load<u8>(at, 2) | fold;
  const pair =
    ((first == 114 || first == 118) && second == 101) || (first == 108 && second == 108);
  return pair ? at + 3 : at;
}

/** Whether a byte is \r or \n. */
// @ts-ignore: decorator
@inline
export function isNewline(byte: u32): bool {
  return byte == 10 || byte == 13;
}

/** Whether the character at `at` is a letter. */
// @ts-ignore: decorator
@inline
export function letterAt(at: usize, end: usize): bool {
  return isIn(LETTERS, classAtOrNone(at, end));
}

export function setSeen(at: usize): void {
  seen = at;
}

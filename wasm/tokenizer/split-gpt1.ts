// GPT-1's words: split at white space, around punctuation and around CJK ideographs. `clean` prepares the text, in turns
// with the host, which lowers and decomposes it.
import { input } from './buffers';
import { classAndWidth } from './scan';
import { CONTROL, MARK_NONSPACING, PUNCTUATION, SPACE } from './unicode-class';
import { codePointAt } from './utf8';
import { EVERY_KIND } from './variant';

/** Tab, line feed and carriage return are white space; the other C0 controls that Unicode calls white space are not. */
function isDropped(codePoint: u32, found: u32): bool {
  if (codePoint < 32 || codePoint == 0x85) return codePoint != 9 && codePoint != 10 && codePoint != 13;
  return found == CONTROL || codePoint == 0xfffd;
}

/** Whether a character is a word of its own: punctuation, in ASCII every visible character that is no letter or digit, or an ideograph. */
function isAlone(codePoint: u32, found: u32): bool {
  return (
    found == PUNCTUATION ||
    (codePoint < 0x80 && found == 0) ||
    codePoint - 0x3400 < 0x19c0 ||
    codePoint - 0x4e00 < 0x5200 ||
    codePoint - 0xf900 < 0x200 ||
    codePoint - 0x20000 < 0xa6e0 ||
    codePoint - 0x2a700 < 0x27b0 ||
    codePoint - 0x2f800 < 0x220
  );
}

/** Drops control characters, and with `marks` nonspacing marks, from the first `length` bytes at `input`; gives the new length. */
export function clean(length: u32, marks: bool): u32 {
  if (!EVERY_KIND) return length;
  const end = input + length;
  let to = input;
  for (let at = input; at < end; ) {
    const found = classAndWidth(at);
    const width = found >> 8;
    if (!isDropped(codePointAt(at, width), found & 0xff) && !(marks && (found & 0xff) == MARK_NONSPACING)) {
      memory.copy(to, at, width);
      to += width;
    }
    at += width;
  }
  return <u32>(to - input);
}

/** End of the word that begins at `at`, where there is no white space. */
export function splitGpt1(at: usize, end: usize): usize {
  let next = at;
  do {
    const found = classAndWidth(next);
    const width = found >> 8;
    const alone = isAlone(codePointAt(next, width), found & 0xff);
    if (alone || (found & 0xff) == SPACE) return next == at ? next + width : next;
    next += width;
  } while (next < end);
  return next;
}

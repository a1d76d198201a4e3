// GPT-1's words: control characters dropped, split at white space, around punctuation and around CJK
// ideographs, marks dropped, ASCII lowered here (the host has lowered and decomposed everything else).
import { input, output, startsOut, work } from './buffers';
import { reach } from './memory';
import { classAndWidth } from './scan';
import { END_OF_WORD_BYTES, unknownId } from './symbols';
import { CONTROL, MARK_NONSPACING, PUNCTUATION, SPACE } from './unicode-class';
import { codePointAt, widthOf } from './utf8';
import { tokenLength } from './vocabulary';
import { encodeWord } from './word-cache';

/** Room for the word in hand and, where starts are wanted, the source of each of its bytes, lies in the work memory. */
let word: usize = 0;
let sources: usize = 0;
let write: usize = 0;

/** Tab, line feed and carriage return are white space; the other C0 controls that Unicode calls white space are not. */
function isDropped(codePoint: u32, found: u32): bool {
  if (codePoint < 32 || codePoint == 0x85) return codePoint != 9 && codePoint != 10 && codePoint != 13;
  return found == CONTROL || codePoint == 0xfffd;
}

function isIdeograph(codePoint: u32): bool {
  if (codePoint < 0x3400) return false;
  return (
    codePoint < 0x4dc0 ||
    codePoint - 0x4e00 < 0x5200 ||
    codePoint - 0xf900 < 0x200 ||
    codePoint - 0x20000 < 0xa6e0 ||
    codePoint - 0x2a700 < 0x27b0 ||
    codePoint - 0x2f800 < 0x220
  );
}

function isPunctuation(codePoint: u32, found: u32): bool {
  // In ASCII every visible character that is no letter or digit counts, symbols too.
  return found == PUNCTUATION || (codePoint < 0x80 && found == 0);
}

/** Drops control characters from the first `length` bytes at `input`, in place; gives the new length. */
export function clean(length: u32): u32 {
  const end = input + length;
  let to = input;
  for (let at = input; at < end; ) {
    const found = classAndWidth(at);
    const width = found >> 8;
    const drop = isDropped(codePointAt(at, width), found & 0xff);
    if (!drop) {
      for (let i: u32 = 0; i < width; i++) store<u8>(to++, load<u8>(at + i));
    }
    at += width;
  }
  return <u32>(to - input);
}

/** Adds a character to the word in hand. */
function append(at: usize, width: u32, codePoint: u32, withStarts: bool): void {
  if (withStarts) {
    for (let i: u32 = 0; i < width; i++) {
      store<u32>(sources + ((write - word + i) << 2), <u32>(at - input));
    }
  }
  if (codePoint - 65 < 26) store<u8>(write, codePoint + 32);
  else for (let i: u32 = 0; i < width; i++) store<u8>(write + i, load<u8>(at + i));
  write += width;
}

/** Encodes the word in hand, if there is one; gives the end of its ids, or 0 without memory. */
function flush(to: usize, withStarts: bool, work: usize): usize {
  if (write == word) return to;
  const after = encodeWord(word, <u32>(write - word), to, work);
  if (withStarts && after) {
    let byte: usize = 0;
    for (let at = to; at < after; at += 4) {
      store<u32>(startsOut + (at - output), load<u32>(sources + (byte << 2)));
      const id = load<u32>(at);
      if (id == unknownId) byte += widthOf(load<u8>(word + byte));
      else byte += tokenLength(id) - (at + 4 == after ? END_OF_WORD_BYTES : 0);
    }
  }
  write = word;
  return after;
}

/** Encodes the first `length` bytes at `input`; gives the number of ids, or -1 without memory. */
export function encodeGpt1(length: u32, limit: u32, withStarts: bool): i32 {
  const end = input + length;
  word = work;
  write = word;
  if (!reach(<u64>work + <u64>length * 5 + 256)) return -1;
  sources = (work + length + 64 + 15) & ~15;
  const wordWork = sources + (<usize>length << 2) + 64;
  const stop = output + (<usize>min(limit, length) << 2);
  let to = output;
  for (let at = input; at < end; ) {
    const wide = classAndWidth(at);
    const found = wide & 0xff;
    const width = wide >> 8;
    const codePoint = codePointAt(at, width);
    // Control before white space: U+000B is both.
    if (found == MARK_NONSPACING || isDropped(codePoint, found)) {
      at += width;
      continue;
    }
    const alone = isPunctuation(codePoint, found) || isIdeograph(codePoint);
    if (alone || found == SPACE) {
      to = flush(to, withStarts, wordWork);
      if (!to) return -1;
    }
    if (found != SPACE) append(at, width, codePoint, withStarts);
    if (alone) {
      to = flush(to, withStarts, wordWork);
      if (!to) return -1;
    }
    if (to > stop) break;
    at += width;
  }
  to = flush(to, withStarts, wordWork);
  return to ? <i32>((to - output) >> 2) : -1;
}

// The pattern of o200k (GPT-4o), where words split before capitals and keep their contraction:
// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
// |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
// |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
import { classAndWidth, contraction, isNewline, runOf, runOfAtMost, setSeen } from './scan';
import { symbolsOrSpace } from './split-cl100k';
import { isIn, LETTER, LETTERS, LOWER, MARKS, NUMBERS, UPPER } from './unicode-class';

const COMMON: u32 = (1 << LETTER) | MARKS;
const CAPITALS: u32 = (1 << UPPER) | COMMON;
const SMALLS: u32 = (1 << LOWER) | COMMON;

/**
 * Capitals then at least one small: the end, or `start` where there is no match. Where no small letter
 * follows, the regex gives capitals back until the last one that counts as small too.
 */
function capitalsThenSmalls(start: usize, end: usize): usize {
  let at = start;
  let lastCommon = start;
  while (at < end) {
    const found = classAndWidth(at);
    if (!isIn(CAPITALS, found & 0xff)) break;
    at += found >> 8;
    if (isIn(COMMON, found & 0xff)) lastCommon = at;
  }
  const smalls = runOf(SMALLS, at, end);
  setSeen(smalls);
  return smalls > at ? smalls : lastCommon;
}

/** End of the piece that begins at `at`. */
export function splitO200k(at: usize, end: usize): usize {
  const byte = <u32>load<u8>(at);
  const first = classAndWidth(at);
  const found = first & 0xff;
  if (isIn(NUMBERS, found)) return runOfAtMost(NUMBERS, at, end, 3);
  if (!isNewline(byte)) {
    const isLetter = isIn(LETTERS, found);
    const next = isLetter ? at : at + (first >> 8);
    const alone = isIn(MARKS, found);
    let word = capitalsThenSmalls(next, end);
    // A mark may be the optional first character or the word's first letter; the regex tries them in this order.
    if (word == next && alone) word = capitalsThenSmalls(at, end);
    else if (word == next) word = runOf(1 << UPPER, next, end);
    if (word > next || (alone && word > at)) return contraction(word, end, true);
  }
  return symbolsOrSpace(at, end, byte, found, true);
}

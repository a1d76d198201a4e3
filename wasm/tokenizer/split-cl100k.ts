// The pattern of cl100k (GPT-4, Llama 3; Qwen with single digits):
// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
import { classAndWidth, classAtOrNone, contraction, isNewline, letterAt, runOf, runOfAtMost, runOfNewlines, spacePiece } from './scan';
import { isIn, LETTERS, NUMBERS, SPACES, SYMBOLS } from './unicode-class';

/** End of the piece that begins at `at`; `digits` is how many digits a piece of a number has at most. */
export function splitCl100k(at: usize, end: usize, digits: u32): usize {
  const byte = <u32>load<u8>(at);
  if (byte == 39) {
    const short = contraction(at, end, true);
    if (short > at) return short;
  }
  const first = classAndWidth(at);
  const found = first & 0xff;
  const next = at + (first >> 8);
  if (isIn(LETTERS, found)) return runOf(LETTERS, next, end);
  if (isIn(NUMBERS, found)) return runOfAtMost(NUMBERS, next, end, digits - 1);
  if (!isNewline(byte) && letterAt(next, end)) return runOf(LETTERS, next, end);
  return symbolsOrSpace(at, end, byte, found, false);
}

/** ` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with `slash` [\r\n/]* for the second part. */
export function symbolsOrSpace(at: usize, end: usize, byte: u32, found: u32, slash: bool): usize {
  const start = at + usize(byte == 32);
  if (isIn(SPACES, found) && (byte != 32 || !isIn(SYMBOLS, classAtOrNone(start, end)))) return spacePiece(at, end, true);
  return runOfNewlines(runOf(SYMBOLS, start, end), end, slash);
}

// GPT-2's pattern: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
import { classAndWidth, classAtOrNone, contraction, NONE, runOf, spacePiece } from './scan';
import { isIn, LETTERS, NUMBERS, SPACE, SPACES, SYMBOLS } from './unicode-class';

/** End of the piece that begins at `at`. */
export function splitGpt2(at: usize, end: usize): usize {
  const byte = <u32>load<u8>(at);
  let start = at;
  let found: u32;
  if (byte == 32) {
    found = classAtOrNone(++start, end);
    if (found == SPACE || found == NONE) return spacePiece(at, end, false);
  } else {
    if (byte == 39) {
      const short = contraction(at, end, false);
      if (short > at) return short;
    }
    found = classAndWidth(at) & 0xff;
  }
  if (isIn(LETTERS, found)) return runOf(LETTERS, start, end);
  if (isIn(NUMBERS, found)) return runOf(NUMBERS, start, end);
  if (isIn(SPACES, found)) return spacePiece(at, end, false);
  return runOf(SYMBOLS, start, end);
}

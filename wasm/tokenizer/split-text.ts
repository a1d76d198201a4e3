// SentencePiece texts are merged as a whole, but where no token has a byte before a blank, nothing merges across: what lies
// on both sides is merged apart, word by word, and found in the cache of words.
import { BEFORE_BLANKS, byteIds } from './symbols';
import { cutsBlanks } from './token-key';

/** Notes what stands before blanks in a token's bytes. */
export function noteBlanks(at: usize, length: u32): void {
  for (let i: u32 = 1; i < length; i++)
    if (load<u8>(at + i) == 32) store<u8>(byteIds + BEFORE_BLANKS + load<u8>(at + i - 1), 1);
}

/** End of the piece that begins at `at`: before the next blank, unless something may merge across. */
export function splitText(at: usize, end: usize, whole: bool): usize {
  const always = cutsBlanks();
  if (whole && !always) return end;
  const notes = byteIds + BEFORE_BLANKS;
  let next = at + 1;
  for (; next < end; next++) {
    if (load<u8>(next) != 32) continue;
    const before = load<u8>(next - 1);
    if (always || (before != 32 && !load<u8>(notes + before))) break;
  }
  return next;
}

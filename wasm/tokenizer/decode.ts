// Ids to bytes. The host writes ids at `output` and reads bytes at `input`.
import { capacity, input, output } from './buffers';
import { END_OF_WORD, END_OF_WORD_BYTES } from './symbols';
import { byteLevel } from './token-key';
import { hasToken, tokenLength, tokenStart } from './vocabulary';

let decoded: u32 = 0;

/**
 * Decodes `count` ids, as many as fit, behind the `kept` bytes that are there already; gives the number of
 * bytes, those included, or -1 for an id without a token, at `decoded`.
 */
export function decode(count: u32, kept: u32): i32 {
  const end = input + capacity;
  let to = input + kept;
  let i: u32 = 0;
  for (; i < count; i++) {
    const id = load<u32>(output + (<usize>i << 2));
    if (!hasToken(id)) {
      decoded = i;
      return -1;
    }
    let length = tokenLength(id);
    const start = tokenStart(id);
    if (to + length > end) break;
    v128.store(to, v128.load(start));
    if (length > 16) memory.copy(to, start, length);
    to += length;
    if (!byteLevel && length >= END_OF_WORD_BYTES && load<u32>(to - END_OF_WORD_BYTES) == END_OF_WORD) {
      to -= END_OF_WORD_BYTES - 1;
      store<u8>(to - 1, 32);
    }
  }
  decoded = i;
  return <i32>(to - input);
}

/** Number of ids that the last call decoded; fewer than asked for when the bytes did not fit. */
export function decodedIds(): u32 {
  return decoded;
}

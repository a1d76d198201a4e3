// Ids to bytes. The host writes ids at `output` and reads bytes at `input`.
import { capacity, input, output } from './buffers';
import { idLimit, MAX_LENGTH_BITS, MISSING, places } from './vocabulary';

/** Number of ids that the last call decoded; fewer than asked for when the bytes did not fit. */
export let decoded: u32 = 0;

/**
 * Decodes `count` ids, as many as fit, behind the `kept` bytes that are there already; gives the number of
 * bytes, those included, or -1 for an id without a token, at `decoded`.
 */
export function decode(count: u32, kept: u32): i32 {
  // Locals, because globals are read from memory each time.
  const end = input + capacity;
  const table = places;
  const limit = idLimit;
  let to = input + kept;
  let at = output;
  for (const last = output + (<usize>count << 2); at < last; at += 4) {
    const id = load<u32>(at);
    const place = id < limit ? load<u64>(table + (<usize>id << 3)) : <u64>-1;
    const start = <usize>place;
    let length = <u32>(place >> 32);
    // Whole vectors are copied: the buffers have slack.
    if (length <= 16 && to <= end - 16) v128.store(to, v128.load(start));
    else {
      if (length == MISSING) {
        to = input - 1;
        break;
      }
      length &= MAX_LENGTH_BITS;
      if (to + length > end) break;
      memory.copy(to, start, length);
    }
    to += length;
  }
  decoded = <u32>(at - output) >> 2;
  return <i32>(to - input);
}

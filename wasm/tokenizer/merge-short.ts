// Byte-pair merging for words of up to 128 symbols: two flat arrays, and a vector minimum to find the next
// merge. Quadratic, but for real words faster than any queue.
import { mergedId, NO_RANK, rankOf } from './merge-table';
import { loadSymbols } from './symbols';

/** Longest word in bytes that `mergeShort` takes. */
export const SHORT_BYTES: u32 = 128;

const ids: usize = memory.data(SHORT_BYTES * 4 + 64, 16);
/** Rank << 7 | position of the pair that begins at each symbol; at least DEAD when it does not merge. */
const keys: usize = memory.data(SHORT_BYTES * 4 + 64, 16);
const DEAD: u32 = 0xf0000000;

// @ts-ignore: decorator
@inline
function keyAt(symbol: usize): u32 {
  const at = symbol << 2;
  const rank = rankOf(load<u32>(ids + at), load<u32>(ids + at, 4));
  return rank == NO_RANK ? NO_RANK : (rank << 7) | <u32>symbol;
}

/** The smallest key: best rank, leftmost among equals. */
// @ts-ignore: decorator
@inline
function smallestKey(count: usize): u32 {
  let best = v128.load(keys);
  for (let at: usize = 16, end = count << 2; at < end; at += 16) {
    best = i32x4.min_u(best, v128.load(keys + at));
  }
  best = i32x4.min_u(best, i32x4.shuffle(best, best, 2, 3, 0, 1));
  best = i32x4.min_u(best, i32x4.shuffle(best, best, 1, 0, 3, 2));
  return i32x4.extract_lane(best, 0);
}

/** Merges a word and writes its ids to `to`; gives their number. */
export function mergeShort(word: usize, length: u32, to: usize): u32 {
  let count = <usize>loadSymbols(word, length, ids);
  const ones = i32x4.splat(1);
  // Whole vectors are read, so what lies behind the last pair must not merge either.
  v128.store(keys + ((count - 1) << 2), i32x4.splat(-1));
  for (let i: usize = 0; i + 1 < count; i++) store<u32>(keys + (i << 2), keyAt(i));
  while (count > 1) {
    const key = smallestKey(count);
    if (key >= DEAD) break;
    const symbol = <usize>(key & 127);
    store<u32>(ids + (symbol << 2), mergedId(key >> 7));
    count--;
    // Symbols behind move one to the left, and so do the positions in their keys; that takes one from dead
    // keys too, at most 127 times, so they stay dead.
    for (let at = (symbol + 1) << 2, end = count << 2; at < end; at += 16) {
      v128.store(ids + at, v128.load(ids + at, 4));
      v128.store(keys + at, i32x4.sub(v128.load(keys + at, 4), ones));
    }
    v128.store(keys + ((count - 1) << 2), i32x4.splat(-1));
    if (symbol + 1 < count) store<u32>(keys + (symbol << 2), keyAt(symbol));
    if (symbol > 0) store<u32>(keys + ((symbol - 1) << 2), keyAt(symbol - 1));
  }
  // Whole vectors again: the output has slack, and a call to memory.copy costs more than the copying.
  for (let at: usize = 0; at < count << 2; at += 16) v128.store(to + at, v128.load(ids + at));
  return <u32>count;
}

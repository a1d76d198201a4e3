// The pairs of a long word that merge, in a bucket for each rank, and a bitmap of three levels that finds the
// best rank with a pair in its bucket. Every operation takes constant time.
import { allocate } from './memory';
import { mergeCount, NO_RANK, rankOf } from './merge-table';

export const NONE: u32 = 0xffffffff;
/** Bytes of work memory a symbol. */
export const SYMBOL_BYTES: usize = 24;

/** First pair of every rank's bucket; `NONE` where empty. */
let buckets: usize = 0;
let level0: usize = 0;
let level1: usize = 0;
let level2: usize = 0;

/** Where the symbols lie. */
let symbols: usize = 0;

/** Sets where the symbols of the next word lie. */
export function setSymbols(at: usize): void {
  symbols = at;
}

/** Address of a symbol: id, previous, next, rank of the pair that it begins, and the two links within a bucket. */
// @ts-ignore: decorator
@inline
export function symbolAt(index: u32): usize {
  return symbols + <usize>index * SYMBOL_BYTES;
}

/** Makes the buckets; they stay empty between words. */
export function prepareBuckets(): void {
  const ranks = (<usize>mergeCount | 63) + 1;
  buckets = allocate(ranks << 2);
  memory.fill(buckets, 0xff, ranks << 2);
  // A bit a rank, a bit for 64 of those bits, and one for 64 of these.
  level0 = allocate(ranks);
  memory.fill(level0, 0, ranks);
  level1 = level0 + (ranks >> 3);
  level2 = level1 + (((ranks >> 12) + 1) << 3);
}

function setBit(level: usize, bit: u32): void {
  const word = level + (<usize>(bit >> 6) << 3);
  store<u64>(word, load<u64>(word) | (<u64>1 << (bit & 63)));
}

/** Clears a bit and tells whether its word is now zero. */
function clearBit(level: usize, bit: u32): bool {
  const word = level + (<usize>(bit >> 6) << 3);
  const rest = load<u64>(word) & ~(<u64>1 << (bit & 63));
  store<u64>(word, rest);
  return rest == 0;
}

function firstBit(level: usize, word: u32): u32 {
  return (word << 6) | <u32>ctz(load<u64>(level + (<usize>word << 3)));
}

/** The best rank with a pair in its bucket, or `NONE`. */
export function bestRank(): u32 {
  for (let word: u32 = 0; word <= mergeCount >> 18; word++) {
    if (load<u64>(level2 + (<usize>word << 3))) return firstBit(level0, firstBit(level1, firstBit(level2, word)));
  }
  return NONE;
}

/** A pair in the bucket of a rank that has one. */
export function pairIn(rank: u32): u32 {
  return load<u32>(buckets + (<usize>rank << 2));
}

/** Works out the pair that begins at a symbol and puts it into its bucket, as the first. */
export function insertPair(index: u32): void {
  const symbol = symbolAt(index);
  const next = load<u32>(symbol, 8);
  const rank = next == NONE ? NO_RANK : rankOf(load<u32>(symbol), load<u32>(symbolAt(next)));
  store<u32>(symbol, rank, 12);
  if (rank == NO_RANK) return;
  const bucket = buckets + (<usize>rank << 2);
  const after = load<u32>(bucket);
  store<u32>(bucket, index);
  store<u32>(symbol, NONE, 16);
  store<u32>(symbol, after, 20);
  if (after != NONE) {
    store<u32>(symbolAt(after), index, 16);
  } else {
    setBit(level0, rank);
    setBit(level1, rank >> 6);
    setBit(level2, rank >> 12);
  }
}

/** Takes the pair that begins at a symbol out of its bucket. */
export function removePair(index: u32): void {
  const symbol = symbolAt(index);
  const rank = load<u32>(symbol, 12);
  if (rank == NO_RANK) return;
  const before = load<u32>(symbol, 16);
  const after = load<u32>(symbol, 20);
  if (after != NONE) store<u32>(symbolAt(after), before, 16);
  if (before != NONE) store<u32>(symbolAt(before), after, 20);
  else {
    store<u32>(buckets + (<usize>rank << 2), after);
    if (after == NONE && clearBit(level0, rank) && clearBit(level1, rank >> 6)) clearBit(level2, rank >> 12);
  }
}

// The pairs of a long word that merge, in a bucket for each rank, and a bitmap of three levels that finds the
// best rank with a pair in its bucket. Every operation takes constant time, sorting a bucket apart.
import { allocate } from './memory';
import { mergeCount, NO_RANK, rankOf } from './merge-table';

export const NONE: u32 = 0xffffffff;
/** Bytes of work memory a symbol. */
export const SYMBOL_BYTES: usize = 24;

/** First and last pair of every rank's bucket, 8 bytes each; `NONE` where empty. */
let buckets: usize = 0;
/** Ranks whose last insertion was not in text order. */
let unordered: usize = 0;
let level0: usize = 0;
let level1: usize = 0;
let level2: usize = 0;
let level2Words: u32 = 0;

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
  const ranks = <usize>mergeCount;
  buckets = allocate(ranks << 3);
  memory.fill(buckets, 0xff, ranks << 3);
  unordered = allocate(ranks);
  memory.fill(unordered, 0, ranks);
  const words0 = (ranks >> 6) + 1;
  const words1 = (words0 >> 6) + 1;
  level2Words = <u32>(words1 >> 6) + 1;
  level0 = allocate((words0 + words1 + level2Words) << 3);
  level1 = level0 + (words0 << 3);
  level2 = level1 + (words1 << 3);
  memory.fill(level0, 0, (words0 + words1 + level2Words) << 3);
}

// @ts-ignore: decorator
@inline
function setBit(level: usize, bit: u32): void {
  const word = level + (<usize>(bit >> 6) << 3);
  store<u64>(word, load<u64>(word) | (<u64>1 << (bit & 63)));
}

/** Clears a bit and tells whether its word is now zero. */
// @ts-ignore: decorator
@inline
function clearBit(level: usize, bit: u32): bool {
  const word = level + (<usize>(bit >> 6) << 3);
  const rest = load<u64>(word) & ~(<u64>1 << (bit & 63));
  store<u64>(word, rest);
  return rest == 0;
}

/** The best rank with a pair in its bucket, or `NONE`. */
export function bestRank(): u32 {
  for (let i: u32 = 0; i < level2Words; i++) {
    const word2 = load<u64>(level2 + (<usize>i << 3));
    if (!word2) continue;
    const at1 = (i << 6) | <u32>ctz(word2);
    const at0 = (at1 << 6) | <u32>ctz(load<u64>(level1 + (<usize>at1 << 3)));
    return (at0 << 6) | <u32>ctz(load<u64>(level0 + (<usize>at0 << 3)));
  }
  return NONE;
}

/** Works out the pair that begins at a symbol and puts it at the end of its bucket. */
export function insertPair(index: u32): void {
  const symbol = symbolAt(index);
  const next = load<u32>(symbol, 8);
  const rank = next == NONE ? NO_RANK : rankOf(load<u32>(symbol), load<u32>(symbolAt(next)));
  store<u32>(symbol, rank, 12);
  if (rank == NO_RANK) return;
  const bucket = buckets + (<usize>rank << 3);
  const last = load<u32>(bucket, 4);
  store<u32>(symbol, last, 16);
  store<u32>(symbol, NONE, 20);
  store<u32>(bucket, index, 4);
  if (last == NONE) {
    store<u32>(bucket, index);
    store<u8>(unordered + rank, 0);
    setBit(level0, rank);
    setBit(level1, rank >> 6);
    setBit(level2, rank >> 12);
  } else {
    store<u32>(symbolAt(last), index, 20);
    if (last > index) store<u8>(unordered + rank, 1);
  }
}

/** Takes the pair that begins at a symbol out of its bucket. */
export function removePair(index: u32): void {
  const symbol = symbolAt(index);
  const rank = load<u32>(symbol, 12);
  if (rank == NO_RANK) return;
  store<u32>(symbol, NO_RANK, 12);
  const bucket = buckets + (<usize>rank << 3);
  const before = load<u32>(symbol, 16);
  const after = load<u32>(symbol, 20);
  if (before == NONE) store<u32>(bucket, after);
  else store<u32>(symbolAt(before), after, 20);
  if (after == NONE) store<u32>(bucket, before, 4);
  else store<u32>(symbolAt(after), before, 16);
  if (before == NONE && after == NONE && clearBit(level0, rank) && clearBit(level1, rank >> 6)) {
    clearBit(level2, rank >> 12);
  }
}

/** Merges two chains in text order and gives the first of the result. */
function zip(a: u32, b: u32): u32 {
  let first = NONE;
  let last = NONE;
  while (a != NONE || b != NONE) {
    const takeA = b == NONE || (a != NONE && a < b);
    const taken = takeA ? a : b;
    const after = load<u32>(symbolAt(taken), 20);
    if (takeA) a = after;
    else b = after;
    if (last == NONE) first = taken;
    else store<u32>(symbolAt(last), taken, 20);
    last = taken;
  }
  return first;
}

/** Sorts a chain of `count` by text order, in place; gives its first and leaves what follows in `rest`. */
let rest: u32 = 0;
function sortChain(first: u32, count: u32): u32 {
  if (count == 1) {
    rest = load<u32>(symbolAt(first), 20);
    store<u32>(symbolAt(first), NONE, 20);
    return first;
  }
  const left = sortChain(first, count >> 1);
  const right = sortChain(rest, count - (count >> 1));
  return zip(left, right);
}

/** Among equal ranks the leftmost goes first; insertions from several sweeps can break that order. */
function sortBucket(rank: u32): void {
  const bucket = buckets + (<usize>rank << 3);
  const first = load<u32>(bucket);
  let count: u32 = 0;
  for (let at = first; at != NONE; at = load<u32>(symbolAt(at), 20)) count++;
  let at = sortChain(first, count);
  store<u32>(bucket, at);
  let before = NONE;
  for (; at != NONE; at = load<u32>(symbolAt(at), 20)) {
    store<u32>(symbolAt(at), before, 16);
    before = at;
  }
  store<u32>(bucket, before, 4);
  store<u8>(unordered + rank, 0);
}

/** The first pair in text order of a rank that has one. */
export function firstPair(rank: u32): u32 {
  if (load<u8>(unordered + rank)) sortBucket(rank);
  return load<u32>(buckets + (<usize>rank << 3));
}

// Byte-pair merging in linear time, for words of any length. Symbols form a linked list; the pairs that merge
// hang in buckets by rank. Each merge takes away a symbol and touches two neighbours, so the whole is linear.
import { reach } from './memory';
import { mergedId } from './merge-table';
import { bestRank, insertPair, NONE, pairIn, removePair, setSymbols, SYMBOL_BYTES, symbolAt } from './pair-buckets';
import { loadSymbols } from './symbols';

/** Merges a word with work memory at `work`; writes its ids to `to` and gives their number, or -1 without memory. */
export function mergeLong(word: usize, length: u32, to: usize, work: usize): i32 {
  if (!reach(<u64>work + <u64>length * SYMBOL_BYTES + 64)) return -1;
  setSymbols(work);
  const count = loadSymbols(word, length, to);
  for (let i: u32 = 0; i < count; i++) {
    const symbol = symbolAt(i);
    store<u32>(symbol, load<u32>(to + (<usize>i << 2)));
    store<u32>(symbol, i - 1, 4);
    store<u32>(symbol, i + 1 < count ? i + 1 : NONE, 8);
  }
  // From the end, so that the leftmost pair is the first in its bucket.
  for (let i = count; i > 0; ) insertPair(--i);
  for (let rank = bestRank(); rank != NONE; rank = bestRank()) mergeRun(pairIn(rank), rank);
  let write = to;
  for (let i: u32 = 0; i != NONE; i = load<u32>(symbolAt(i), 8)) {
    store<u32>(write, load<u32>(symbolAt(i)));
    write += 4;
  }
  return <i32>((write - to) >> 2);
}

/**
 * Among equal pairs the leftmost goes first. That matters only where they overlap, in a run of one symbol; and a
 * run is merged at once from its beginning, or the search for that would make the time quadratic.
 */
function mergeRun(index: u32, rank: u32): void {
  for (let before = index; before != NONE && load<u32>(symbolAt(before), 12) == rank; ) {
    index = before;
    before = load<u32>(symbolAt(index), 4);
  }
  do {
    index = mergeAt(index, rank);
  } while (index != NONE && load<u32>(symbolAt(index), 12) == rank && bestRank() == rank);
}

/** Merges the pair that begins at a symbol; gives the symbol after it, or `NONE`. */
function mergeAt(index: u32, rank: u32): u32 {
  const symbol = symbolAt(index);
  const gone = load<u32>(symbol, 8);
  const before = load<u32>(symbol, 4);
  const after = load<u32>(symbolAt(gone), 8);
  removePair(index);
  removePair(gone);
  if (before != NONE) removePair(before);
  store<u32>(symbol, mergedId(rank));
  store<u32>(symbol, after, 8);
  if (after != NONE) store<u32>(symbolAt(after), index, 4);
  if (before != NONE) insertPair(before);
  insertPair(index);
  return after;
}

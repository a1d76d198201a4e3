// The pairs of a long word that merge, in a binary heap: the best rank first, the leftmost among equals. A pair that a merge
// has changed stays in the heap until it comes up; its symbol's rank then tells that it is none any more.
import { NO_RANK, rankOf } from './merge-table';

export const NONE: u32 = 0xffffffff;
/** A symbol is its id, the symbols before and after it, and the rank of the pair that it begins. */
const SYMBOL_BYTES: usize = 16;
/** Work memory for each symbol of a word. Every merge takes one pair out of the heap and puts two in, so it holds two a symbol at most. */
export const WORK_BYTES: usize = SYMBOL_BYTES + 16;

let symbols: usize = 0;
/** The heap counts from 1. */
let heap: usize = 0;
let size: usize = 0;

/** Begins a word of at most `count` symbols. */
export function setSymbols(at: usize, count: usize): void {
  symbols = at;
  heap = at + count * SYMBOL_BYTES - 8;
  size = 0;
}

// @ts-ignore: decorator
@inline
export function symbolAt(index: u32): usize {
  return symbols + <usize>index * SYMBOL_BYTES;
}

// @ts-ignore: decorator
@inline
function entryAt(place: usize): usize {
  return heap + (place << 3);
}

/** Works out the pair that begins at a symbol, and puts it into the heap where it merges. */
export function insertPair(index: u32): void {
  const symbol = symbolAt(index);
  const next = load<u32>(symbol, 8);
  const rank = next == NONE ? NO_RANK : rankOf(load<u32>(symbol), load<u32>(symbolAt(next)));
  store<u32>(symbol, rank, 12);
  if (rank == NO_RANK) return;
  const entry = ((<u64>rank) << 32) | index;
  let place = ++size;
  for (; place > 1 && load<u64>(entryAt(place >> 1)) > entry; place >>= 1)
    store<u64>(entryAt(place), load<u64>(entryAt(place >> 1)));
  store<u64>(entryAt(place), entry);
}

/** Takes out the best pair: the symbol that begins it, or `NONE`. */
export function takePair(): u32 {
  while (size > 0) {
    const best = load<u64>(entryAt(1));
    sink(load<u64>(entryAt(size--)));
    const index = <u32>best;
    if (load<u32>(symbolAt(index), 12) == <u32>(best >> 32)) return index;
  }
  return NONE;
}

/** Puts an entry in the first one's place, and those up that are better. */
function sink(entry: u64): void {
  let place: usize = 1;
  while (true) {
    let child = place << 1;
    if (child > size) break;
    if (child < size && load<u64>(entryAt(child + 1)) < load<u64>(entryAt(child))) child++;
    if (load<u64>(entryAt(child)) >= entry) break;
    store<u64>(entryAt(place), load<u64>(entryAt(child)));
    place = child;
  }
  store<u64>(entryAt(place), entry);
}

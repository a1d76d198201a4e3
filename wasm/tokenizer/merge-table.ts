// Pairs of ids that merge. One 64-bit word a slot holds both ids and the rank (21 bits each), so that a
// look-up, and most of them fail, is one load.
import { allocate } from './memory';

/** Rank of a pair that does not merge. */
export const NO_RANK: u32 = 0xffffffff;
const EMPTY: u64 = 0xffffffffffffffff;

export let pairs: usize = 0;
export let pairShift: u32 = 0;
export let pairMask: u32 = 0;
/** Id of the token that each merge makes, by rank. */
export let mergedIds: usize = 0;
export let mergeCount: u32 = 0;

/** Makes room for `limit` merges. */
export function allocateMerges(limit: u32): void {
  mergedIds = allocate(<usize>limit << 2);
  const bits = 33 - clz(limit | 15);
  pairShift = 64 - bits;
  pairMask = (1 << bits) - 1;
  pairs = allocate(<usize>8 << bits);
  memory.fill(pairs, 0xff, <usize>8 << bits);
}

// @ts-ignore: decorator
@inline
function indexOf(pair: u64): u32 {
  return <u32>((pair * 0x9e3779b97f4a7c15) >> pairShift);
}

/** Adds what the merges of the next rank make; gives the rank. */
export function addRank(merged: u32): u32 {
  store<u32>(mergedIds + (<usize>mergeCount << 2), merged);
  return mergeCount++;
}

/** Adds a pair that merges; one given twice keeps its last rank, as in the hub's code. */
export function addPair(left: u32, right: u32, rank: u32): void {
  const pair = (<u64>left << 21) | right;
  let index = indexOf(pair);
  while (true) {
    const slot = pairs + (<usize>index << 3);
    const held = load<u64>(slot);
    if (held == EMPTY || held >> 21 == pair) {
      store<u64>(slot, (pair << 21) | rank);
      break;
    }
    index = (index + 1) & pairMask;
  }
}

/** Rank of the merge of two ids, or `NO_RANK`. */
export function rankOf(left: u32, right: u32): u32 {
  const pair = (<u64>left << 21) | right;
  let index = indexOf(pair);
  while (true) {
    const held = load<u64>(pairs + (<usize>index << 3));
    if (held >> 21 == pair) return <u32>held & 0x1fffff;
    if (held == EMPTY) return NO_RANK;
    index = (index + 1) & pairMask;
  }
}

/** Id of the token that the merge of this rank makes. */
// @ts-ignore: decorator
@inline
export function mergedId(rank: u32): u32 {
  return load<u32>(mergedIds + (<usize>rank << 2));
}

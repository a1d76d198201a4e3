// Byte-pair merging for words of any length: symbols form a linked list, and a heap tells which pair is next. Each merge takes
// away a symbol and touches two neighbours, so the time is that of the heap: n log n.
import { reach } from './memory';
import { mergedId, NO_RANK } from './merge-table';
import { insertPair, NONE, setSymbols, symbolAt, takePair, WORK_BYTES } from './pair-heap';
import { loadSymbols } from './symbols';

/** Merges a word with work memory at `work`; writes its ids to `to` and gives their number, or -1 without memory. */
export function mergeLong(word: usize, length: u32, to: usize, work: usize): i32 {
  if (!reach(<u64>work + <u64>length * WORK_BYTES + 64)) return -1;
  const count = loadSymbols(word, length, to);
  setSymbols(work, count);
  for (let i: u32 = 0; i < count; i++) {
    const symbol = symbolAt(i);
    store<u32>(symbol, load<u32>(to + (<usize>i << 2)));
    store<u32>(symbol, i - 1, 4);
    store<u32>(symbol, i + 1 < count ? i + 1 : NONE, 8);
  }
  for (let i: u32 = 0; i < count; i++) insertPair(i);
  for (let index = takePair(); index != NONE; index = takePair()) mergeAt(index);
  let write = to;
  for (let i: u32 = 0; i != NONE; i = load<u32>(symbolAt(i), 8)) {
    store<u32>(write, load<u32>(symbolAt(i)));
    write += 4;
  }
  return <i32>((write - to) >> 2);
}

/** Merges the pair that begins at a symbol. */
function mergeAt(index: u32): void {
  const symbol = symbolAt(index);
  const gone = load<u32>(symbol, 8);
  const before = load<u32>(symbol, 4);
  const after = load<u32>(symbolAt(gone), 8);
  store<u32>(symbolAt(gone), NO_RANK, 12);
  store<u32>(symbol, mergedId(load<u32>(symbol, 12)));
  store<u32>(symbol, after, 8);
  if (after != NONE) store<u32>(symbolAt(after), index, 4);
  if (before != NONE) insertPair(before);
  insertPair(index);
}

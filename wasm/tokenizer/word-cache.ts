// Words already merged. Two kinds: words of up to 15 bytes and 4 tokens lie whole in one 32-byte entry, two
// entries to a cache line; others, up to 1,024 bytes, in an arena that starts over when it is full.
import { hashBytes, loadPart, sameBytes } from './hash-bytes';
import { allocate } from './memory';
import { mergeLong } from './merge-long';
import { mergeShort, SHORT_BYTES } from './merge-short';
import { missing } from './symbols';

/** Entries: 15 bytes of the word and its length in 16 bytes, then 4 ids with their number in the top byte of the first. */
const SHORT_BITS: u32 = 15;
const ARENA_SLOT_BITS: u32 = 14;
const ARENA_BYTES: usize = 1 << 21;
const LONGEST: u32 = 1024;
const COUNT_SHIFT: u32 = 24;
const ID_MASK: u32 = 0xffffff;

let entries: usize = 0;
let arenaSlots: usize = 0;
let arena: usize = 0;
let arenaUsed: usize = 0;

/** Makes the tables, in memory that is still zero. */
export function prepareCache(): void {
  entries = allocate(<usize>64 << SHORT_BITS);
  arenaSlots = allocate(<usize>4 << ARENA_SLOT_BITS);
  arena = allocate(ARENA_BYTES);
}

/** Writes the ids of a word to `to` and gives the end of them, or 0 without memory. */
// @ts-ignore: decorator
@inline
export function encodeWord(word: usize, length: u32, to: usize, work: usize): usize {
  if (length > 15) return encodeLonger(word, length, to, work);
  const low = loadPart(word, length);
  const high = (length > 8 ? loadPart(word + 8, length - 8) : 0) | (<u64>length << 56);
  const product = (low ^ (high << 3) ^ (high >> 47)) * 0x9e3779b97f4a7c15 + high * 0xd6e8feb86659fd93;
  const entry = entries + (<usize>(product >> (64 - SHORT_BITS)) << 6);
  if (load<u64>(entry) == low && load<u64>(entry, 8) == high) return take(entry, to);
  if (load<u64>(entry, 32) == low && load<u64>(entry, 40) == high) return take(entry + 32, to);
  return encodeNew(word, length, to, entry, low, high);
}

// @ts-ignore: decorator
@inline
function take(entry: usize, to: usize): usize {
  const first = load<u32>(entry, 16);
  v128.store(to, v128.load(entry, 16));
  store<u32>(to, first & ID_MASK);
  return to + (<usize>(first >> COUNT_SHIFT) << 2);
}

function encodeNew(word: usize, length: u32, to: usize, entry: usize, low: u64, high: u64): usize {
  const count = mergeShort(word, length, to);
  if (count <= 4 && !missing) {
    v128.store(entry, v128.load(entry), 32);
    v128.store(entry, v128.load(entry, 16), 48);
    store<u64>(entry, low);
    store<u64>(entry, high, 8);
    v128.store(entry, v128.load(to), 16);
    store<u32>(entry, load<u32>(to) | (count << COUNT_SHIFT), 16);
  }
  return to + (<usize>count << 2);
}

function encodeLonger(word: usize, length: u32, to: usize, work: usize): usize {
  if (length > LONGEST) {
    const count = mergeLong(word, length, to, work);
    return count < 0 ? 0 : to + (<usize>count << 2);
  }
  const slot = arenaSlots + (<usize>(hashBytes(word, length) >> (64 - ARENA_SLOT_BITS)) << 2);
  const held = <usize>load<u32>(slot);
  if (held && load<u16>(held) == length) {
    const bytes = <usize>load<u16>(held, 2) << 2;
    if (sameBytes(held + 4 + bytes, word, length)) {
      memory.copy(to, held + 4, bytes);
      return to + bytes;
    }
  }
  const count = length > SHORT_BYTES ? mergeLong(word, length, to, work) : <i32>mergeShort(word, length, to);
  if (count < 0) return 0;
  if (!missing) remember(slot, word, length, to, <usize>count << 2);
  return to + (<usize>count << 2);
}

/** Keeps a longer word: length, number of ids, ids, bytes. */
function remember(slot: usize, word: usize, length: u32, ids: usize, idBytes: usize): void {
  const size = (4 + idBytes + length + 3) & ~(<usize>3);
  if (arenaUsed + size + 16 > ARENA_BYTES) {
    arenaUsed = 0;
    memory.fill(arenaSlots, 0, <usize>4 << ARENA_SLOT_BITS);
  }
  const at = arena + arenaUsed;
  arenaUsed += size;
  store<u16>(at, length);
  store<u16>(at, idBytes >> 2, 2);
  memory.copy(at + 4, ids, idBytes);
  memory.copy(at + 4 + idBytes, word, length);
  store<u32>(slot, <u32>at);
}

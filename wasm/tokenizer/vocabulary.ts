// The tokens: their bytes in one pool, start and length by id in one table (8 bytes each), and a hash table from bytes to id.
import { hashBytes, sameBytes } from './hash-bytes';
import { allocate, top } from './memory';

/** Length entry of an id that no token has. */
export const MISSING: u32 = 0xffffffff;
/** Set in the length entry when the token's text is kept as it is, because it is not in the byte alphabet. */
const RAW: u32 = 0x8000;
/** Longest token in bytes. */
export const MAX_TOKEN_BYTES: u32 = 0x7ffe;
export const NO_TOKEN: u32 = 0xffffffff;

/** Ids lie below this. */
export let idLimit: u32 = 0;
export let places: usize = 0;
let poolEnd: usize = 0;
export let slots: usize = 0;
export let slotMask: u32 = 0;

/** Where the next token's bytes go: write them here, then call `addToken`. */
export function nextTokenBytes(): usize {
  return poolEnd;
}

/** Makes room for ids below `limit` with at most `poolBytes` bytes of text. */
export function allocateVocabulary(limit: u32, poolBytes: u32): void {
  idLimit = limit;
  places = allocate(<usize>limit << 3);
  memory.fill(places, 0xff, <usize>limit << 3);
  poolEnd = allocate(poolBytes + 16);
}

/** Makes the hash table, behind everything else so that it can be dropped once merges are read. */
export function allocateTokenIndex(): usize {
  const at = top;
  const size: u32 = 1 << (33 - clz(idLimit));
  slotMask = size - 1;
  slots = allocate(<usize>size << 2);
  memory.fill(slots, 0xff, <usize>size << 2);
  return at;
}

/** Whether a token has this id. */
// @ts-ignore: decorator
@inline
export function hasToken(id: u32): bool {
  return id < idLimit && load<u32>(placeOf(id), 4) != MISSING;
}

// @ts-ignore: decorator
@inline
function placeOf(id: u32): usize {
  return places + (<usize>id << 3);
}

// @ts-ignore: decorator
@inline
export function tokenStart(id: u32): usize {
  return load<u32>(placeOf(id));
}

/** Length in bytes of a token that exists. */
// @ts-ignore: decorator
@inline
export function tokenLength(id: u32): u32 {
  return load<u32>(placeOf(id), 4) & MAX_LENGTH_BITS;
}
export const MAX_LENGTH_BITS: u32 = 0x7fff;

/** Slot of the token with these bytes, or the empty slot where it would go. */
function slotFor(at: usize, length: u32, raw: bool): usize {
  const entry = length | (raw ? RAW : 0);
  let index = <u32>(hashBytes(at, length) >> 20) & slotMask;
  while (true) {
    const slot = slots + (<usize>index << 2);
    const id = load<u32>(slot);
    if (id == NO_TOKEN || (load<u32>(placeOf(id), 4) == entry && sameBytes(tokenStart(id), at, length))) {
      return slot;
    }
    index = (index + 1) & slotMask;
  }
}

/** Id of the token with these bytes, or `NO_TOKEN`. */
export function findToken(at: usize, length: u32, raw: bool): u32 {
  return load<u32>(slotFor(at, length, raw));
}

/** Adds the token whose bytes lie at `nextTokenBytes()`; gives the id that has them already, if one has. */
export function addToken(id: u32, length: u32, raw: bool): u32 {
  const slot = slotFor(poolEnd, length, raw);
  const holder = load<u32>(slot);
  if (holder != NO_TOKEN) return holder;
  store<u32>(slot, id);
  placeToken(id, length, raw);
  return NO_TOKEN;
}

/** Gives an id the bytes that lie at `nextTokenBytes()`; texts are not found by them. */
export function placeToken(id: u32, length: u32, raw: bool): void {
  store<u32>(placeOf(id), <u32>poolEnd);
  store<u32>(placeOf(id), length | (raw ? RAW : 0), 4);
  poolEnd += length;
}

/** Whether a token that exists is raw. */
export function isRaw(id: u32): bool {
  return (load<u32>(placeOf(id), 4) & RAW) != 0;
}

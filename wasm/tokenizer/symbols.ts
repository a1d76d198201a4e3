// The tokens that a word is made of before any merge: its bytes, or for GPT-1 its characters, the last one
// with the end-of-word mark.
import { allocate } from './memory';
import { isByteLevel } from './token-key';
import { widthOf } from './utf8';
import { findToken, NO_TOKEN } from './vocabulary';

/** "</w>" in memory order: how GPT-1 marks the last piece of a word. */
export const END_OF_WORD: u32 = 0x3e772f3c;
export const END_OF_WORD_BYTES: u32 = 4;

/** Id for what the vocabulary does not know, or `NO_TOKEN`. */
export let unknownId: u32 = NO_TOKEN;
/** -2 less the last byte (GPT-1: first byte of a character) that had no token; 0 when there was none. */
export let missing: i32 = 0;

export let byteIds: usize = 0;
export let letter: usize = 0;

export function setUnknown(id: u32): void {
  unknownId = id;
}

/** Gives what is missing and forgets it. */
export function clearMissing(): i32 {
  const found = missing;
  missing = 0;
  return found;
}

/** Makes room for what `buildSymbols` fills. */
export function allocateSymbols(): void {
  byteIds = allocate(256 * 4);
  letter = allocate(16);
}

/** Looks up the tokens of single bytes, once the vocabulary is read. */
export function buildSymbols(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    store<u8>(letter, byte);
    store<u32>(byteIds + (<usize>byte << 2), findToken(letter, 1, false));
  }
}

function unknown(at: usize): u32 {
  if (unknownId != NO_TOKEN) return unknownId;
  missing = -2 - <i32>load<u8>(at);
  return 0;
}

/** Writes the ids of the first symbols of a word to `to` and gives their number. */
export function loadSymbols(word: usize, length: u32, to: usize): u32 {
  if (isByteLevel()) {
    for (let i: u32 = 0; i < length; i++) {
      let id = load<u32>(byteIds + (<usize>load<u8>(word + i) << 2));
      if (id == NO_TOKEN) id = unknown(word + i);
      store<u32>(to + (<usize>i << 2), id);
    }
    return length;
  }
  const end = word + length;
  let write = to;
  for (let at = word; at < end; write += 4) {
    let width = widthOf(load<u8>(at));
    store<u32>(letter, load<u32>(at));
    if (at + width == end) {
      store<u32>(letter + width, END_OF_WORD);
      width += END_OF_WORD_BYTES;
    }
    let id = findToken(letter, width, false);
    if (id == NO_TOKEN) id = unknown(at);
    store<u32>(write, id);
    at += widthOf(load<u8>(at));
  }
  return <u32>(write - to) >> 2;
}

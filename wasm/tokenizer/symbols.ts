// The tokens that a word is made of before any merge: its bytes, or its characters, for GPT-1 the last one with the
// end-of-word mark.
import { allocate } from './memory';
import { fusesUnknown, isByteLevel, isText } from './token-key';
import { widthOf } from './utf8';
import { findToken, NO_TOKEN } from './vocabulary';

/** "</w>" in memory order: how GPT-1 marks the last piece of a word. */
export const END_OF_WORD: u32 = 0x3e772f3c;
export const END_OF_WORD_BYTES: u32 = 4;

/** Id for what the vocabulary does not know, or `NO_TOKEN`. */
export let unknownId: u32 = NO_TOKEN;
/** -2 less the last byte (of characters the first) that had no token; 0 when there was none. */
export let missing: i32 = 0;

export let byteIds: usize = 0;
export let letter: usize = 0;

/** Where `byteIds` end: a byte for each byte that in some token stands before a blank (split-text.ts). */
export const BEFORE_BLANKS: usize = 256 * 4;

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
  byteIds = allocate(BEFORE_BLANKS + 256);
  memory.fill(byteIds, 0xff, BEFORE_BLANKS);
  letter = allocate(16);
}

/** Names the token of a byte. */
export function setByteToken(byte: u32, id: u32): void {
  store<u32>(byteIds + (<usize>byte << 2), id);
}

/** Looks up the tokens of single bytes, once the vocabulary is read. */
export function buildSymbols(): void {
  if (isText()) return;
  for (let byte: u32 = 0; byte < 256; byte++) {
    store<u8>(letter, byte);
    setByteToken(byte, findToken(letter, 1, false));
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
  if (isText()) return loadCharacters(word, length, to);
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

/** The tokens of characters; of one that has none, those of its bytes where each has one. */
function loadCharacters(word: usize, length: u32, to: usize): u32 {
  const end = word + length;
  let write = to;
  let wasUnknown = false;
  for (let at = word, width: u32 = 0; at < end; at += width) {
    width = widthOf(load<u8>(at));
    const id = findToken(at, width, false);
    const known = id != NO_TOKEN || haveBytes(at, width);
    if (id != NO_TOKEN) {
      store<u32>(write, id);
      write += 4;
    } else if (known) {
      for (let i: u32 = 0; i < width; i++, write += 4)
        store<u32>(write, load<u32>(byteIds + (<usize>load<u8>(at + i) << 2)));
    } else if (!(wasUnknown && fusesUnknown())) {
      store<u32>(write, unknown(at));
      write += 4;
    }
    wasUnknown = !known;
  }
  return <u32>(write - to) >> 2;
}

/** Whether each byte of a character has a token. */
function haveBytes(at: usize, width: u32): bool {
  for (let i: u32 = 0; i < width; i++)
    if (load<u32>(byteIds + (<usize>load<u8>(at + i) << 2)) == NO_TOKEN) return false;
  return true;
}

/** Bytes of what the unknown token at `at` stands for. */
export function unknownWidth(at: usize, end: usize): u32 {
  if (isByteLevel()) return 1;
  let next = at + widthOf(load<u8>(at));
  if (!isText() || !fusesUnknown()) return <u32>(next - at);
  for (; next < end; next += widthOf(load<u8>(next))) {
    const width = widthOf(load<u8>(next));
    if (findToken(next, width, false) != NO_TOKEN || haveBytes(next, width)) break;
  }
  return <u32>(next - at);
}

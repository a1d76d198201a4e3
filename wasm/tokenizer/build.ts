// Creation: `stage` makes room for the tables and tells where the host writes tokens and merges (UTF-8);
// `addTokens` and `addMerges` read them, or `rankTokens` finds the merges of a vocabulary that has none.
import { copyText } from './blanks';
import { buildByteAlphabet } from './byte-alphabet';
import { allocate, reach, seal, top } from './memory';
import { addPair, addRank, allocateMerges } from './merge-table';
import { noteBlanks } from './split-text';
import { allocateSymbols, buildSymbols, byteIds, setByteToken } from './symbols';
import { byteNamed, isText, keyIsRaw, readKey, setSpelling } from './token-key';
import { expandClasses } from './unicode-class';
import { widthOf } from './utf8';
import { EVERY_KIND } from './variant';
import {
  addToken,
  allocateTokenIndex,
  allocateVocabulary,
  findToken,
  hasToken,
  isRaw,
  MAX_TOKEN_BYTES,
  nextTokenBytes,
  NO_TOKEN,
  placeToken,
  tokenLength,
  tokenStart,
} from './vocabulary';

/** What a line of merges can be but a merge. */
const NOT_A_PAIR: u32 = 1;
const UNKNOWN_LEFT: u32 = 2;
const UNKNOWN_RIGHT: u32 = 3;
const UNKNOWN_MERGED: u32 = 4;

/** Less than the host leaves free behind the merges. */
const LONGEST_LINE: usize = 0x3f000;
/** Ranks have 21 bits. */
const MOST_MERGES: u32 = 0x1fffff;

let tokenIndex: usize = 0;
let used: usize = 0;

/**
 * Makes room for ids below `limit` with at most `poolBytes` bytes of text, `lines` merges and `fileBytes` bytes of what
 * the host writes at the address that this gives. 0 without memory.
 */
export function stage(limit: u32, poolBytes: u32, lines: u32, fileBytes: u32, flags: u32): usize {
  setSpelling(flags);
  expandClasses();
  buildByteAlphabet();
  allocateVocabulary(limit, poolBytes);
  allocateMerges(lines);
  allocateSymbols();
  tokenIndex = allocateTokenIndex();
  used = top + fileBytes;
  return reach(used + 64) ? top : 0;
}

/**
 * Reads `count` tokens at `text`, each with a zero byte behind it; their ids lie at `ids`. Gives the number of tokens
 * read: one that is too long or has another's id or bytes ends the reading.
 */
export function addTokens(text: usize, ids: usize, count: u32): u32 {
  let i: u32 = 0;
  for (; i < count; i++) {
    const start = text;
    while (load<u8>(text)) text++;
    const id = load<u32>(ids + (<usize>i << 2));
    const bytes = nextTokenBytes();
    const length = readKey(start, text, bytes);
    if (length > MAX_TOKEN_BYTES || hasToken(id)) break;
    const byte = EVERY_KIND ? byteNamed(start, text) : 256;
    if (byte < 256) {
      store<u8>(bytes, byte);
      placeToken(id, 1, true);
      setByteToken(byte, id);
    } else if (addToken(id, length, keyIsRaw) != NO_TOKEN) break;
    else if (isText()) noteBlanks(bytes, length);
    text++;
  }
  return i;
}

/**
 * Reads merges from `at` to `end`, best first, two tokens with a space between, and zero bytes between merges; empty ones
 * are none. Gives 0, or the number of the merge that is wrong (from 1) << 3 and what it is.
 */
export function addMerges(at: usize, end: usize): u32 {
  for (let line: u32 = 1; at < end; line++) {
    const start = at;
    let space: usize = 0;
    let spaces = 0;
    for (; at < end && load<u8>(at); at++) {
      if (load<u8>(at) != 32) continue;
      space = at;
      spaces++;
    }
    const last = at++;
    if (last == start) continue;
    const problem =
      spaces != 1 || space == start || space + 1 == last || last - start > LONGEST_LINE
        ? NOT_A_PAIR
        : addLine(start, space, last, end + 1);
    if (problem) return (line << 3) | problem;
  }
  return 0;
}

function addLine(start: usize, space: usize, end: usize, scratch: usize): u32 {
  const leftBytes = readKey(start, space, scratch);
  const left = findToken(scratch, leftBytes, keyIsRaw);
  if (left == NO_TOKEN) return UNKNOWN_LEFT;
  const leftIsRaw = keyIsRaw;
  const rightBytes = readKey(space + 1, end, scratch + leftBytes);
  const right = findToken(scratch + leftBytes, rightBytes, keyIsRaw);
  if (right == NO_TOKEN) return UNKNOWN_RIGHT;
  const merged = findToken(scratch, leftBytes + rightBytes, keyIsRaw || leftIsRaw);
  if (merged == NO_TOKEN) return UNKNOWN_MERGED;
  addPair(left, right, addRank(merged));
  return 0;
}

/**
 * Makes the merges of a vocabulary without any, of which `count` ids lie at `order`, best first: every two tokens that
 * together spell another merge into it, all pairs for one token with one rank. False without memory.
 */
export function rankTokens(order: usize, count: u32): bool {
  if (!EVERY_KIND) return false;
  const end = order + (<usize>count << 2);
  let found: u32 = 0;
  for (let at = order; at < end; at += 4) found += pairsOf(load<u32>(at), false);
  if (found > MOST_MERGES || !reach(<u64>end + <u64>found * 40 + 0x1000)) return false;
  // The tables go behind the list of ids.
  allocate(end - top);
  allocateMerges(found);
  for (let at = order; at < end; at += 4) pairsOf(load<u32>(at), true);
  return true;
}

/** Counts the pairs of tokens that spell a token, and adds them where told to. */
function pairsOf(id: u32, add: bool): u32 {
  if (isRaw(id)) return 0;
  const start = tokenStart(id);
  const end = start + tokenLength(id);
  let found: u32 = 0;
  let rank: u32 = NO_TOKEN;
  for (let cut = start; (cut += widthOf(load<u8>(cut))) < end; ) {
    const left = findToken(start, <u32>(cut - start), false);
    if (left == NO_TOKEN) continue;
    const right = findToken(cut, <u32>(end - cut), false);
    if (right == NO_TOKEN) continue;
    found++;
    if (!add) continue;
    if (rank == NO_TOKEN) rank = addRank(id);
    addPair(left, right, rank);
  }
  return found;
}

/** Id of the token that the files spell as the `length` bytes at `text`, or `NO_TOKEN`. */
export function lookUp(text: usize, length: u32): u32 {
  if (EVERY_KIND) {
    const byte = byteNamed(text, text + length);
    if (byte < 256) return load<u32>(byteIds + (<usize>byte << 2));
  }
  const bytes = readKey(text, text + length, text + length);
  return findToken(text + length, bytes, keyIsRaw);
}

/** Adds a token with the `length` bytes at `text` at an id; false where another token has the id. */
export function addText(id: u32, text: usize, length: u32): bool {
  if (hasToken(id)) return false;
  let bytes = length;
  if (isText()) bytes = copyText(text, text + length, nextTokenBytes());
  else memory.copy(nextTokenBytes(), text, length);
  // Another token may have the text already.
  if (addToken(id, bytes, true) != NO_TOKEN) placeToken(id, bytes, true);
  return true;
}

/** Ends the building; `keepIndex` where text must still be looked up (GPT-1's words, whole-word look-up), as characters are. */
export function finish(keepIndex: bool): void {
  buildSymbols();
  const end = keepIndex || isText() ? top : tokenIndex;
  seal(end);
  if (used > end) memory.fill(end, 0, used - end);
}

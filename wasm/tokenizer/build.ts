// Creation: `stage` makes room for the tables and tells where the host writes tokens and merges (UTF-8);
// `addTokens` and `addMerges` read them.
import { buildByteAlphabet } from './byte-alphabet';
import { reach, seal, top } from './memory';
import { addMerge, allocateMerges } from './merge-table';
import { allocateSymbols, buildSymbols } from './symbols';
import { keyIsRaw, readKey, setByteLevel } from './token-key';
import { expandClasses } from './unicode-class';
import { addToken, allocateTokenIndex, allocateVocabulary, findToken, hasToken, MAX_TOKEN_BYTES, nextTokenBytes, NO_TOKEN } from './vocabulary';

/** What a line of merges can be but a merge. */
const NOT_A_PAIR: u32 = 1;
const UNKNOWN_LEFT: u32 = 2;
const UNKNOWN_RIGHT: u32 = 3;
const UNKNOWN_MERGED: u32 = 4;

let tokenIndex: usize = 0;
let used: usize = 0;

/**
 * Makes room for ids below `limit` with at most `poolBytes` bytes of text, `lines` merges and `fileBytes` bytes of what
 * the host writes at the address that this gives. 0 without memory.
 */
export function stage(limit: u32, poolBytes: u32, lines: u32, fileBytes: u32, isByteLevel: bool): usize {
  setByteLevel(isByteLevel);
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
    const length = readKey(start, text, nextTokenBytes());
    if (length > MAX_TOKEN_BYTES || hasToken(id) || addToken(id, length, keyIsRaw) != NO_TOKEN) break;
    text++;
  }
  return i;
}

/**
 * Reads merges from `at` to `end`: a line for each, best first, two tokens with a space between. A first line that
 * begins with "#version" is no merge. Gives 0, or the number of the line that is wrong (from 1) << 3 and what it is.
 */
export function addMerges(at: usize, end: usize): u32 {
  for (let line: u32 = 1; at < end; line++) {
    const start = at;
    let space: usize = 0;
    let spaces = 0;
    for (; at < end && load<u8>(at) != 10; at++) {
      if (load<u8>(at) != 32) continue;
      space = at;
      spaces++;
    }
    let lineEnd = at++;
    if (lineEnd > start && load<u8>(lineEnd - 1) == 13) lineEnd--;
    // "#version"
    if (lineEnd == start || (line == 1 && load<u64>(start) == 0x6e6f697372657623)) continue;
    const problem =
      spaces != 1 || space == start || space + 1 == lineEnd ? NOT_A_PAIR : addLine(start, space, lineEnd, end + 1);
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
  addMerge(left, right, merged);
  return 0;
}

/** Id of the token that the files spell as the `length` bytes at `text`, or `NO_TOKEN`. */
export function lookUp(text: usize, length: u32): u32 {
  const bytes = readKey(text, text + length, text + length);
  return findToken(text + length, bytes, keyIsRaw);
}

/** Adds a token with the `length` bytes at `text` at an id; false where another token has the id. */
export function addText(id: u32, text: usize, length: u32): bool {
  if (hasToken(id)) return false;
  memory.copy(nextTokenBytes(), text, length);
  addToken(id, length, true);
  return true;
}

/** Ends the building; `keepIndex` where text must still be looked up (GPT-1's characters, whole-word look-up). */
export function finish(keepIndex: bool): void {
  buildSymbols();
  const end = keepIndex ? top : tokenIndex;
  seal(end);
  memory.fill(end, 0, used - end);
}

// merges.txt: a line for each merge, best first, two tokens with a space between. A first line that begins
// with "#version" is no merge.
import { addMerge } from './merge-table';
import { readKey, keyIsRaw } from './token-key';
import { findToken, NO_TOKEN } from './vocabulary';

const NOT_A_PAIR: i32 = 6;
const UNKNOWN_LEFT: i32 = 7;
const UNKNOWN_RIGHT: i32 = 8;
const UNKNOWN_MERGED: i32 = 9;

/** Line (from 1) of the last merge read. */
export let mergeLine: u32 = 0;

/** Upper bound of the number of merges in a file. */
export function countLines(text: usize, length: u32): u32 {
  let lines: u32 = 1;
  for (let at = text, end = text + length; at < end; at++) lines += u32(load<u8>(at) == 10);
  return lines;
}

/** Reads the merges in `length` bytes at `text`, using `scratch` for bytes. 0, or what is wrong. */
export function scanMerges(text: usize, length: u32, scratch: usize): i32 {
  const end = text + length;
  let at = text;
  mergeLine = 0;
  while (at < end) {
    const start = at;
    let space: usize = 0;
    let spaces = 0;
    for (; at < end && load<u8>(at) != 10; at++) {
      if (load<u8>(at) != 32) continue;
      space = at;
      spaces++;
    }
    let lineEnd = at++;
    mergeLine++;
    if (lineEnd > start && load<u8>(lineEnd - 1) == 13) lineEnd--;
    if (lineEnd == start || (mergeLine == 1 && isVersion(start))) continue;
    if (spaces != 1 || space == start || space + 1 == lineEnd) return NOT_A_PAIR;
    const problem = addLine(start, space, lineEnd, scratch);
    if (problem) return problem;
  }
  return 0;
}

function addLine(start: usize, space: usize, end: usize, scratch: usize): i32 {
  const leftBytes = readKey(start, space, scratch, false);
  const left = findToken(scratch, leftBytes, keyIsRaw);
  if (left == NO_TOKEN) return UNKNOWN_LEFT;
  const leftIsRaw = keyIsRaw;
  const rightBytes = readKey(space + 1, end, scratch + leftBytes, false);
  const right = findToken(scratch + leftBytes, rightBytes, keyIsRaw);
  if (right == NO_TOKEN) return UNKNOWN_RIGHT;
  const merged = findToken(scratch, leftBytes + rightBytes, keyIsRaw || leftIsRaw);
  if (merged == NO_TOKEN) return UNKNOWN_MERGED;
  addMerge(left, right, merged);
  return 0;
}

/** Whether a line begins with "#version". */
function isVersion(at: usize): bool {
  return load<u64>(at) == 0x6e6f697372657623;
}

// Character classes: a flat byte table for planes 0 and 1 (one load a character in the scanning loops) and
// a short list of runs above, where almost nothing lives but CJK extensions.
import { allocate } from './memory';
import { expandRanges } from './expand-ranges';
import { expandRuns } from './expand-runs';
import { EVERY_KIND } from './variant';

/** Class numbers; the generator script says which general categories each holds. Without `EVERY_KIND` there are LETTER, NUMBER and SPACE. */
export const UPPER: u32 = 1;
export const LOWER: u32 = 2;
export const LETTER: u32 = 3;
export const NUMBER: u32 = 4;
export const MARK_NONSPACING: u32 = 5;
export const MARK_SPACING: u32 = 6;
export const PUNCTUATION: u32 = 7;
export const CONTROL: u32 = 8;
export const SPACE: u32 = 9;

/** Sets of classes, as bits, for `isIn`. */
export const LETTERS: u32 = (1 << UPPER) | (1 << LOWER) | (1 << LETTER);
export const NUMBERS: u32 = 1 << NUMBER;
export const MARKS: u32 = (1 << MARK_NONSPACING) | (1 << MARK_SPACING);
export const SPACES: u32 = 1 << SPACE;
/** Neither letter nor number nor white space. */
export const SYMBOLS: u32 = 0x3ff & ~(LETTERS | NUMBERS | SPACES);

const FLAT: u32 = 0x20000;

/** Class of every code point below 0x20000, one byte each. */
export let classTable: usize = 0;
/** Runs from 0x20000 on: start | class << 24, from the second entry on. */
export let highRuns: usize = 0;
/** Index of the last one. */
export let highRunCount: u32 = 0;

/** Makes the tables; called once per instance that is not restored. */
export function expandClasses(): void {
  classTable = allocate(FLAT);
  highRuns = allocate(64 * 4);
  if (EVERY_KIND) expandRuns();
  else expandRanges();
}

/** Sets the class of the code points from `start` to `end`. Above `FLAT` they come in order, and the first are those at `FLAT`. */
export function setClass(number: u32, start: u32, end: u32): void {
  if (start < FLAT) memory.fill(classTable + start, <u8>number, min(end, FLAT) - start);
  if (end <= FLAT) return;
  // The last run is what follows: of class 0, until another begins.
  if (load<u32>(highRuns + (highRunCount << 2)) != start) highRunCount++;
  store<u32>(highRuns + (highRunCount << 2), max(start, FLAT) | (number << 24));
  store<u32>(highRuns + ((++highRunCount) << 2), end);
}

/** Class of any code point. */
export function classOf(codePoint: u32): u32 {
  if (codePoint < FLAT) return load<u8>(classTable + codePoint);
  let run = highRunCount;
  while ((load<u32>(highRuns + (run << 2)) & 0xffffff) > codePoint) run--;
  return load<u8>(highRuns + (run << 2), 3);
}

/** Whether a class is one of a set of classes. */
// @ts-ignore: decorator
@inline
export function isIn(set: u32, number: u32): bool {
  return <bool>((set >> number) & 1);
}

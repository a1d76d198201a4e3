// Character classes: a flat byte table for planes 0 and 1 (one load a character in the scanning loops) and
// a short list of runs above, where almost nothing lives but CJK extensions.
import { allocate } from './memory';
import { CLASS_RUNS, CLASS_RUNS_LENGTH } from './unicode-tables.gen';

/** Class numbers; the generator script says which general categories each holds. */
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
/** Run class in the code for a run of (upper, lower) pairs. */
const PAIRS: u32 = 10;

/** Class of every code point below 0x20000, one byte each. */
export let classTable: usize = 0;
/** Runs from 0x20000 on: start | class << 24. */
export let highRuns: usize = 0;
export let highRunCount: u32 = 0;

/** Decodes the run-length code into memory; called once per instance that is not restored. */
export function expandClasses(): void {
  classTable = allocate(FLAT);
  highRuns = allocate(64 * 4);
  let codePoint: u32 = 0;
  let read = CLASS_RUNS;
  const end = CLASS_RUNS + CLASS_RUNS_LENGTH;
  while (read < end) {
    const byte = <u32>load<u8>(read++);
    const number = byte & 15;
    let length = (byte >> 4) + 1;
    if (length == 16) {
      let shift: u32 = 0;
      let more: u32;
      do {
        more = load<u8>(read++);
        length += (more & 127) << shift;
        shift += 7;
      } while (more > 127);
    }
    if (number == PAIRS) {
      for (; length > 0; length--, codePoint += 2) store<u16>(classTable + codePoint, UPPER | (LOWER << 8));
      continue;
    }
    if (codePoint < FLAT) memory.fill(classTable + codePoint, <u8>number, min(length, FLAT - codePoint));
    codePoint += length;
    if (codePoint > FLAT) store<u32>(highRuns + ((highRunCount++) << 2), max(codePoint - length, FLAT) | (number << 24));
  }
}

/** Class of any code point. */
export function classOf(codePoint: u32): u32 {
  if (codePoint < FLAT) return load<u8>(classTable + codePoint);
  let run = highRunCount - 1;
  while ((load<u32>(highRuns + (run << 2)) & 0xffffff) > codePoint) run--;
  return load<u8>(highRuns + (run << 2), 3);
}

/** Whether a class is one of a set of classes. */
// @ts-ignore: decorator
@inline
export function isIn(set: u32, number: u32): bool {
  return <bool>((set >> number) & 1);
}

import { LETTER, NUMBER, setClass, SPACE } from './unicode-class';
import { CLASS_RANGES } from './unicode-ranges.gen';

let read: usize = 0;

/** A number in base 56, of which all digits but the last are 56 to 69. */
function readNumber(): u32 {
  let value: u32 = 0;
  let digit: u32;
  while ((digit = load<u8>(read++)) >= 56) value = value * 14 + digit - 56;
  return value * 56 + digit;
}

/** Decodes the ranges of letters, numbers and white space; all else stays 0. */
export function expandRanges(): void {
  read = CLASS_RANGES;
  for (let i = 0; i < 3; i++) {
    const number = i == 0 ? LETTER : i == 1 ? NUMBER : SPACE;
    let at: u32 = 0;
    while (true) {
      at += readNumber();
      const length = readNumber();
      if (length == 0) break;
      setClass(number, at, at + length);
      at += length;
    }
  }
}

// Reads one token as the files spell it into the bytes it stands for.
import { byteOf, NO_BYTE } from './byte-alphabet';
import { codePointAt, widthOf } from './utf8';
import { EVERY_KIND } from './variant';

/** Whether the vocabulary spells bytes in the byte alphabet; GPT-1's spells text as it is. */
export let byteLevel: bool = true;
/** Whether the last token read has a character outside the byte alphabet and so stands for its own text. */
export let keyIsRaw: bool = false;

export function setByteLevel(on: bool): void {
  byteLevel = on;
}

// @ts-ignore: decorator
@inline
export function isByteLevel(): bool {
  return !EVERY_KIND || byteLevel;
}

/** Reads the token that the files spell from `from` to `end` into bytes at `to`; gives their number. */
export function readKey(from: usize, end: usize, to: usize): u32 {
  keyIsRaw = false;
  if (isByteLevel()) {
    let write = to;
    let at = from;
    while (true) {
      if (at >= end) return <u32>(write - to);
      const width = widthOf(load<u8>(at));
      const byte = byteOf(codePointAt(at, width));
      if (byte == NO_BYTE) break;
      store<u8>(write++, byte);
      at += width;
    }
    keyIsRaw = true;
  }
  memory.copy(to, from, end - from);
  return <u32>(end - from);
}

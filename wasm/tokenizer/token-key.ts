// Reads one token as the files spell it (JSON string or plain text) into the bytes it stands for.
import { byteOf, NO_BYTE } from './byte-alphabet';
import { codePointAt, widthOf, writeCodePoint } from './utf8';

/** Whether the vocabulary spells bytes in the byte alphabet; GPT-1's spells text as it is. */
export let byteLevel: bool = true;
/** Whether the last token read has a character outside the byte alphabet and so stands for its own text. */
export let keyIsRaw: bool = false;
/** Where the last token read ended in the source, its closing quote included. */
export let keyEnd: usize = 0;

const BAD_CHARACTER: u32 = 0xffffffff;
let cursor: usize = 0;

export function setByteLevel(on: bool): void {
  byteLevel = on;
}

function hexAt(at: usize): u32 {
  let value: u32 = 0;
  for (let i = 0; i < 4; i++) {
    const byte = <u32>load<u8>(at + i);
    const lower = byte | 32;
    const digit = byte - 48 < 10 ? byte - 48 : lower - 97 < 6 ? lower - 87 : BAD_CHARACTER;
    if (digit == BAD_CHARACTER) return BAD_CHARACTER;
    value = (value << 4) | digit;
  }
  return value;
}

/** The character that the backslash before `cursor` escapes. */
function escaped(): u32 {
  const byte = <u32>load<u8>(cursor++);
  if (byte == 34 || byte == 92 || byte == 47) return byte;
  if (byte == 98) return 8;
  if (byte == 102) return 12;
  if (byte == 110) return 10;
  if (byte == 114) return 13;
  if (byte == 116) return 9;
  if (byte != 117) return BAD_CHARACTER;
  const high = hexAt(cursor);
  if (high == BAD_CHARACTER) return BAD_CHARACTER;
  cursor += 4;
  if (high >> 10 == 0x36 && load<u16>(cursor) == 0x755c) {
    const low = hexAt(cursor + 2);
    if (low >> 10 == 0x37) {
      cursor += 6;
      return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
    }
  }
  return high;
}

/** One pass over the token. Gives its length at `to`, or -1 for text that is not a JSON string. */
function readPass(from: usize, end: usize, to: usize, json: bool, asBytes: bool): i32 {
  let write = to;
  cursor = from;
  while (cursor < end) {
    let codePoint = <u32>load<u8>(cursor);
    if (json && codePoint == 34) {
      keyEnd = cursor + 1;
      return <i32>(write - to);
    }
    if (json && codePoint == 92) {
      cursor++;
      codePoint = escaped();
      if (codePoint == BAD_CHARACTER) return -1;
    } else if (json && codePoint < 32) {
      return -1;
    } else {
      const width = widthOf(codePoint);
      codePoint = codePointAt(cursor, width);
      cursor += width;
    }
    if (asBytes) {
      const byte = byteOf(codePoint);
      if (byte == NO_BYTE) {
        keyIsRaw = true;
        return readPass(from, end, to, json, false);
      }
      store<u8>(write++, byte);
    } else {
      write = writeCodePoint(write, codePoint);
    }
  }
  keyEnd = cursor;
  return json ? -1 : <i32>(write - to);
}

/**
 * Reads a token from `from` into bytes at `to`: up to its closing quote when `json`, else up to `end`.
 * Gives the number of bytes, or -1 for text that is not a JSON string.
 */
export function readKey(from: usize, end: usize, to: usize, json: bool): i32 {
  keyIsRaw = false;
  return readPass(from, end, to, json, byteLevel);
}

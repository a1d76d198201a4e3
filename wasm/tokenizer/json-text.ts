// Reading JSON as bytes: a place in it that moves on.

/** Where the reading is, and where the text ends; behind it zero bytes follow. */
export let at: usize = 0;
export let end: usize = 0;

export function setText(from: usize, to: usize): void {
  at = from;
  end = to;
}

/** The next byte that is no white space, which becomes the place; zero at the end. */
export function peek(): u32 {
  for (; at < end; at++) {
    const byte = <u32>load<u8>(at);
    if (byte > 32) return byte;
  }
  return 0;
}

/** Passes over a byte if it is the next. */
export function take(byte: u32): bool {
  if (peek() != byte) return false;
  at++;
  return true;
}

/** Passes over a string that begins here; false where it does not end. */
export function skipString(): bool {
  for (at++; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 34) {
      at++;
      return true;
    }
    if (byte == 92) at++;
  }
  return false;
}

/** Reads a whole number below 2^21 - 1; -1 for all else. */
export function readNumber(): i32 {
  let value: i32 = 0;
  let digits = 0;
  for (; load<u8>(at) - 48 < 10 && digits < 8; at++, digits++) value = value * 10 + load<u8>(at) - 48;
  return digits == 0 || value >= 0x1fffff ? -1 : value;
}

/** Writes what the string stands for that begins here to `to`; gives the end of it, or 0 for what is no string. */
export function readString(to: usize): usize {
  if (peek() != 34) return 0;
  at++;
  while (at < end) {
    const byte = <u32>load<u8>(at++);
    if (byte == 34) return to;
    if (byte < 32) return 0;
    if (byte != 92) store<u8>(to++, byte);
    else {
      to = readEscape(to);
      if (!to) return 0;
    }
  }
  return 0;
}

/** What follows a backslash. */
function readEscape(to: usize): usize {
  const letter = <u32>load<u8>(at++);
  if (letter == 117) return readCodePoint(to);
  // b, f, n, r, t
  const control: u32 = letter == 98 ? 8 : letter == 102 ? 12 : letter == 110 ? 10 : letter == 114 ? 13 : letter == 116 ? 9 : 0;
  if (!control && letter != 34 && letter != 47 && letter != 92) return 0;
  store<u8>(to, control ? control : letter);
  return to + 1;
}

/** Four hexadecimal digits; above 0xffff where they are none. */
function readUnit(): u32 {
  let value: u32 = 0;
  for (let i = 0; i < 4; i++) {
    const byte = <u32>load<u8>(at++);
    const digit = byte - 48 < 10 ? byte - 48 : (byte | 32) - 97 < 6 ? (byte | 32) - 87 : 0x10000;
    value = (value << 4) | digit;
  }
  return value;
}

/** The digits behind \u, and those of a second surrogate, as UTF-8; a surrogate alone as U+FFFD. */
function readCodePoint(to: usize): usize {
  let code = readUnit();
  if (code > 0xffff || code == 0) return 0;
  if (code - 0xd800 < 0x800) {
    const behind = at;
    let second: u32 = 0;
    if (code < 0xdc00 && load<u16>(at) == 0x755c) {
      at += 2;
      second = readUnit();
    }
    if (second - 0xdc00 < 0x400) code = 0x10000 + ((code - 0xd800) << 10) + second - 0xdc00;
    else {
      at = behind;
      code = 0xfffd;
    }
  }
  return writeCodePoint(code, to);
}

function writeCodePoint(code: u32, start: usize): usize {
  let to = start;
  if (code < 0x80) store<u8>(to++, code);
  else {
    if (code < 0x800) store<u8>(to++, 0xc0 | (code >> 6));
    else {
      if (code < 0x10000) store<u8>(to++, 0xe0 | (code >> 12));
      else {
        store<u8>(to++, 0xf0 | (code >> 18));
        store<u8>(to++, 0x80 | ((code >> 12) & 63));
      }
      store<u8>(to++, 0x80 | ((code >> 6) & 63));
    }
    store<u8>(to++, 0x80 | (code & 63));
  }
  return to;
}

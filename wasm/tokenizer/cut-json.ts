// Takes vocabulary and merges out of a large tokenizer.json, in an instance of its own: they become what `addTokens` and
// `addMerges` read, and the rest, small then, is left to the host. Where anything is not as the hub writes it, all is.
import { at, end, peek, readNumber, readString, setText, skipString, take } from './json-text';
import { allocate, reach, top } from './memory';
import { EVERY_KIND } from './variant';

// Words of the result.
const REST: usize = 0;
const REST_END: usize = 1;
const TOKENS: usize = 2;
const TOKENS_END: usize = 3;
const MERGES: usize = 4;
const MERGES_END: usize = 5;
const MERGE_COUNT: usize = 6;
const IDS: usize = 7;
const TOKEN_COUNT: usize = 8;
const WORDS: usize = 9;

let result: usize = 0;
/** The rest is moved together where the text begins, behind which the reading always is. */
let rest: usize = 0;
/** Where the next output goes. */
let to: usize = 0;

function note(word: usize, value: usize): void {
  store<u32>(result + (word << 2), <u32>value);
}

function isNoted(word: usize): bool {
  return load<u32>(result + (word << 2)) != 0;
}

/** Makes room for a text of `length` bytes and for what comes of it; gives where the host writes it, 0 without memory. */
export function stageJson(length: u32): usize {
  if (!EVERY_KIND || !reach(<u64>top + <u64>length * 2 + 256)) return 0;
  result = allocate(WORDS << 2);
  return top;
}

/** Cuts the text; gives where the result is, or 0 where the text is to be read another way. */
export function cutJson(length: u32): usize {
  if (!EVERY_KIND) return 0;
  setText(top, top + length);
  rest = top;
  to = end + 16;
  if (!copyObject(0) || peek() || !isNoted(TOKENS) || !isNoted(MERGES)) return 0;
  note(REST, top);
  note(REST_END, rest);
  return result;
}

/** Moves the bytes from `start` to the place to the rest. */
function keepFrom(start: usize): void {
  memory.copy(rest, start, at - start);
  rest += at - start;
}

function keepByte(byte: u32): bool {
  if (!take(byte)) return false;
  store<u8>(rest++, byte);
  return true;
}

/** Copies an object whose entries matter: that of the file (depth 0) and its model (1). */
function copyObject(depth: u32): bool {
  if (!keepByte(123)) return false;
  if (peek() == 125) return keepByte(125);
  while (true) {
    if (peek() != 34) return false;
    const key = at;
    if (!skipString()) return false;
    const length = at - key;
    const word = load<u64>(key + 1);
    keepFrom(key);
    if (!keepByte(58)) return false;
    // model", vocab", merges"
    const isModel = depth == 0 && length == 7 && (word & 0xffffffffffff) == 0x226c65646f6d;
    const isVocabulary = depth == 1 && length == 7 && (word & 0xffffffffffff) == 0x226261636f76;
    const isMerges = depth == 1 && length == 8 && (word & 0xffffffffffffff) == 0x2273656772656d;
    const done = isModel ? copyObject(1) : isVocabulary ? cutVocabulary() : isMerges ? cutMerges() : copyValue();
    if (!done) return false;
    if (peek() == 125) return keepByte(125);
    if (!keepByte(44)) return false;
  }
}

/** Copies any value as it is. */
function copyValue(): bool {
  peek();
  const start = at;
  let depth = 0;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == 34) {
      if (!skipString()) return false;
      continue;
    }
    if (depth == 0 && (byte == 44 || byte == 125 || byte == 93)) break;
    if (byte == 123 || byte == 91) depth++;
    if (byte == 125 || byte == 93) depth--;
    at++;
  }
  keepFrom(start);
  return at < end;
}

/** `"token": id, …`, in two rounds: the tokens, each with a zero byte behind it, then the ids. */
function cutVocabulary(): bool {
  if (isNoted(TOKENS) || !keepByte(123)) return false;
  const start = at;
  note(TOKENS, to);
  if (!readEntries(false)) return false;
  note(TOKENS_END, to);
  to = (to + 3) & ~3;
  note(IDS, to);
  setText(start, end);
  return readEntries(true) && keepByte(125);
}

function readEntries(ids: bool): bool {
  let count: u32 = 0;
  do {
    if (ids) {
      if (peek() != 34 || !skipString()) return false;
    } else {
      to = readString(to);
      if (!to) return false;
      store<u8>(to++, 0);
    }
    if (!take(58)) return false;
    peek();
    const id = readNumber();
    if (id < 0) return false;
    if (ids) {
      store<u32>(to, id);
      to += 4;
    }
    count++;
  } while (take(44) && peek() == 34);
  note(TOKEN_COUNT, count);
  return peek() == 125;
}

/** `["left", "right"], …` or `"left right", …`: left, a space, right and a zero byte. */
function cutMerges(): bool {
  if (isNoted(MERGES) || !keepByte(91)) return false;
  note(MERGES, to);
  let count: u32 = 0;
  do {
    const isPair = take(91);
    to = readString(to);
    if (!to) return false;
    if (isPair) {
      store<u8>(to++, 32);
      if (!take(44)) return false;
      to = readString(to);
      if (!to || !take(93)) return false;
    }
    store<u8>(to++, 0);
    count++;
  } while (take(44));
  note(MERGES_END, to);
  note(MERGE_COUNT, count);
  return keepByte(93);
}

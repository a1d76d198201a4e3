// vocab.json: one flat object from token to id. A scanner of its own is several times faster than
// JSON.parse, which would make 50,000 property names only to be read once.
import { keyIsRaw, keyEnd, readKey } from './token-key';
import { addToken, hasToken, MAX_TOKEN_BYTES, nextTokenBytes, NO_TOKEN } from './vocabulary';

export const OK: i32 = 0;
/** What can be wrong; sdk/tokenizer/vocabulary-error.ts has the words. */
const NOT_JSON: i32 = 1;
const BAD_ID: i32 = 2;
const DUPLICATE_ID: i32 = 3;
const DUPLICATE_TOKEN: i32 = 4;
const LONG_TOKEN: i32 = 5;

/** Highest id that the tables can hold. */
const MAX_ID: u32 = 0x1ffffe;

/** Where in the file the last error lies, in bytes, and the id that it concerns. */
export let errorAt: u32 = 0;
export let errorId: u32 = 0;
/** Set by a scan: the highest id, plus one, and the number of tokens. */
export let scannedIdLimit: u32 = 0;
export let scannedTokens: u32 = 0;

function skipSpace(at: usize): usize {
  while (true) {
    const byte = load<u8>(at);
    if (byte != 32 && byte != 10 && byte != 13 && byte != 9) return at;
    at++;
  }
}

/**
 * Reads the object in `length` bytes at `text`, which end in a zero byte. With `insert` the tokens are added
 * to the vocabulary, else it only counts them, writing each token at `scratch`.
 */
export function scanVocabulary(text: usize, length: u32, scratch: usize, insert: bool): i32 {
  const end = text + length;
  scannedIdLimit = 0;
  scannedTokens = 0;
  let at = skipSpace(text);
  let problem = NOT_JSON;
  if (load<u8>(at) == 123) {
    at = skipSpace(at + 1);
    problem = load<u8>(at) == 125 ? OK : -1;
  }
  while (problem < 0) {
    errorAt = <u32>(at - text);
    if (load<u8>(at) != 34) return NOT_JSON;
    const bytes = readKey(at + 1, end, insert ? nextTokenBytes() : scratch, true);
    if (bytes < 0) return NOT_JSON;
    at = skipSpace(keyEnd);
    if (load<u8>(at) != 58) return fail(NOT_JSON, at - text);
    at = skipSpace(at + 1);
    const digits = at;
    let id: u64 = 0;
    for (; <u32>load<u8>(at) - 48 < 10 && id <= MAX_ID; at++) id = id * 10 + (load<u8>(at) - 48);
    errorId = <u32>id;
    if (at == digits || id > MAX_ID) return fail(BAD_ID, digits - text);
    if (<u32>bytes > MAX_TOKEN_BYTES) return LONG_TOKEN;
    scannedIdLimit = max(scannedIdLimit, <u32>id + 1);
    scannedTokens++;
    if (insert) {
      if (hasToken(<u32>id)) return DUPLICATE_ID;
      if (addToken(<u32>id, bytes, keyIsRaw) != NO_TOKEN) return DUPLICATE_TOKEN;
    }
    at = skipSpace(at);
    const next = load<u8>(at);
    if (next == 125) problem = OK;
    else if (next != 44) return fail(<u32>next == 46 || (next | 32) == 101 ? BAD_ID : NOT_JSON, at - text);
    else at = skipSpace(at + 1);
  }
  if (problem == OK) at = skipSpace(at + 1);
  return problem == OK && at >= end ? OK : fail(NOT_JSON, at - text);
}

function fail(problem: i32, at: usize): i32 {
  errorAt = <u32>at;
  return problem;
}

// Encoding of the text at `input`: split, then each piece through the word cache.
import { input, output, startsOut, work } from './buffers';
import { runOf, seen, setSeen } from './scan';
import { splitCl100k } from './split-cl100k';
import { splitGpt1 } from './split-gpt1';
import { splitGpt2 } from './split-gpt2';
import { splitO200k } from './split-o200k';
import { splitText } from './split-text';
import { missing, clearMissing, unknownId, unknownWidth } from './symbols';
import { SPACES } from './unicode-class';
import { EVERY_KIND } from './variant';
import { widthOf } from './utf8';
import { findToken, NO_TOKEN, tokenLength } from './vocabulary';
import { encodeWord } from './word-cache';

/** Split patterns; sdk/tokenizer/split-pattern.ts has the same numbers. */
const WHOLE: u32 = 0;
const GPT2: u32 = 1;
const CL100K: u32 = 2;
const CL100K_SINGLE_DIGITS: u32 = 3;
const GPT1: u32 = 5;
const TEXT: u32 = 6;

/** How far past a piece's end a pattern may look, generously. */
const LOOKAHEAD: usize = 16;

/** The pattern in use, and whether a piece that is a token is taken as it is, whatever the merges say. */
export let pattern: u32 = 0;
export let ignoreMerges: bool = false;
let consumed: u32 = 0;

export function setPattern(number: u32, whole: bool): void {
  pattern = number;
  ignoreMerges = whole;
}

// @ts-ignore: decorator
@inline
function pieceEnd(pattern: u32, at: usize, end: usize): usize {
  if (pattern == GPT2) return splitGpt2(at, end);
  if (pattern == WHOLE) return end;
  if (pattern == CL100K) return splitCl100k(at, end, 3);
  if (!EVERY_KIND || pattern == CL100K_SINGLE_DIGITS) return splitCl100k(at, end, 1);
  if (pattern == GPT1) return splitGpt1(at, end);
  if (pattern == TEXT) return splitText(at, end, ignoreMerges);
  return splitO200k(at, end);
}

/**
 * Encodes the first `length` bytes at `input` and gives the number of ids, -1 without memory, or -2 less a byte
 * (of characters the first) that has no token. Unless
 * `final` more text follows, and pieces that could depend on it stay. Stops after `limit` ids. With
 * `withStarts` writes the byte at which every token starts.
 */
export function encode(length: u32, final: bool, limit: u32, withStarts: bool): i32 {
  const end = input + length;
  const safe = final ? end : end - min(LOOKAHEAD, length);
  const stop = output + (<usize>min(limit, length) << 2);
  let at = input;
  let to = output;
  const kind = pattern;
  setSeen(0);
  while (true) {
    if (EVERY_KIND && kind == GPT1) at = runOf(SPACES, at, end);
    if (at >= end) break;
    const next = pieceEnd(kind, at, end);
    if (!final && (next > safe || seen > safe)) break;
    const from = to;
    to = encodePiece(at, <u32>(next - at), to);
    if (!to) return -1;
    if (withStarts) writeStarts(from, to, at, next);
    at = next;
    if (to > stop) break;
  }
  consumed = <u32>(at - input);
  if (missing) return clearMissing();
  return <i32>((to - output) >> 2);
}

// @ts-ignore: decorator
@inline
function encodePiece(at: usize, length: u32, to: usize): usize {
  if (ignoreMerges) {
    const id = findToken(at, length, false);
    if (id != NO_TOKEN) {
      store<u32>(to, id);
      return to + 4;
    }
  }
  return encodeWord(at, length, to, work);
}

/** Tokens cover a piece without gaps, so their lengths give their starts. */
function writeStarts(from: usize, to: usize, piece: usize, end: usize): void {
  let byte = <u32>(piece - input);
  for (let at = from; at < to; at += 4) {
    store<u32>(startsOut + (at - output), byte);
    const id = load<u32>(at);
    byte += id != unknownId ? tokenLength(id) : unknownWidth(input + byte, end);
  }
}

/** Turns the first `count` byte starts into UTF-16 positions; gives the length in UTF-16 of what the last call turned into ids. */
export function startsToUnits(count: u32): u32 {
  const bytes = consumed;
  let unit: u32 = 0;
  let byte: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const start = startsOut + (<usize>i << 2);
    const wanted = load<u32>(start);
    // A token may start within a character; its position is then the character's.
    let last: u32 = 0;
    for (; byte <= wanted && byte < bytes; byte += last) {
      last = widthOf(load<u8>(input + byte));
      if (byte + last > wanted) break;
      unit += last == 4 ? 2 : 1;
    }
    store<u32>(start, unit);
  }
  for (; byte < bytes; ) {
    const width = widthOf(load<u8>(input + byte));
    unit += width == 4 ? 2 : 1;
    byte += width;
  }
  return unit;
}

/** Moves what the last call left to the front of the input; gives its length. */
export function keepRest(length: u32): u32 {
  memory.copy(input, input + consumed, length - consumed);
  return length - consumed;
}

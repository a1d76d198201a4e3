// Creation: the host writes vocab.json and merges.txt (UTF-8) where `stage` says; `build` makes the tables.
import { buildByteAlphabet } from './byte-alphabet';
import { reach, seal, top } from './memory';
import { allocateMerges } from './merge-table';
import { countLines, scanMerges } from './parse-merges';
import { OK, scannedIdLimit, scanVocabulary } from './parse-vocabulary';
import { allocateSymbols, buildSymbols } from './symbols';
import { readKey, keyIsRaw, setByteLevel } from './token-key';
import { expandClasses } from './unicode-class';
import { addToken, allocateTokenIndex, allocateVocabulary, findToken, hasToken, nextTokenBytes, NO_TOKEN } from './vocabulary';

/** Ids may leave holes, but a vocabulary that is nearly all holes is a broken file. */
const TOO_SPARSE: i32 = 10;
/** Ranks have 21 bits. */
const MOST_MERGES: u32 = 0x1fffff;
const TOO_MANY_MERGES: i32 = 11;

let tokenIndex: usize = 0;
let mergesAt: usize = 0;
let scratch: usize = 0;
let used: usize = 0;

/** Where to write the two files: `vocabLength` bytes, a zero byte, `mergesLength` bytes, a zero byte. 0 without memory. */
export function stage(vocabLength: u32, mergesLength: u32): usize {
  expandClasses();
  buildByteAlphabet();
  return reach(top + vocabLength * 3 + mergesLength + 4096) ? top : 0;
}

/** Reads the vocabulary; `idLimit` makes room for added tokens too. 0, or what is wrong. */
export function buildVocabulary(vocabLength: u32, mergesLength: u32, idLimit: u32, extraBytes: u32, isByteLevel: bool): i32 {
  setByteLevel(isByteLevel);
  const staged = top;
  const stagedLength = <usize>vocabLength + mergesLength + 2;
  const problem = scanVocabulary(staged, vocabLength, staged + stagedLength + 64, false);
  if (problem != OK) return problem;
  const limit = max(scannedIdLimit, idLimit);
  if (limit > vocabLength * 4 + 0x10000) return TOO_SPARSE;
  // The tables take the place of the files, which move up behind everything that is going to be built.
  const lines = countLines(staged + vocabLength + 1, mergesLength);
  if (lines > MOST_MERGES) return TOO_MANY_MERGES;
  const tables =
    <usize>limit * 6 + vocabLength + extraBytes + <usize>lines * 40 + 4096 + (<usize>4 << (33 - clz(limit)));
  const moved = (staged + tables + 15) & ~15;
  used = moved + stagedLength + vocabLength + mergesLength + 4096;
  if (!reach(used)) unreachable();
  memory.copy(moved, staged, stagedLength);
  allocateVocabulary(limit, vocabLength + extraBytes);
  allocateMerges(lines);
  allocateSymbols();
  tokenIndex = allocateTokenIndex();
  mergesAt = moved + vocabLength + 1;
  scratch = moved + stagedLength + 64;
  return scanVocabulary(moved, vocabLength, scratch, true);
}

/** Reads the merges, after the vocabulary. 0, or what is wrong. */
export function buildMerges(mergesLength: u32): i32 {
  return scanMerges(mergesAt, mergesLength, scratch);
}

/** Ends the building; `keepIndex` where text must still be looked up (GPT-1's characters, whole-word look-up). */
export function finish(keepIndex: bool): void {
  buildSymbols();
  const end = keepIndex ? top : tokenIndex;
  seal(end);
  memory.fill(end, 0, used - end);
}

/** Where to write a token's text for the two functions below. */
export function keyBuffer(): usize {
  return scratch;
}

/** Id of the token that the files spell so (`length` bytes at `keyBuffer`), or `NO_TOKEN`. */
export function lookUp(length: u32): u32 {
  const bytes = readKey(scratch, scratch + length, scratch + length + 64, false);
  return findToken(scratch + length + 64, bytes, keyIsRaw);
}

/** Adds a token with the text at `keyBuffer` at an id. Gives the id that the bytes or the id's holder have already. */
export function addText(id: u32, length: u32): u32 {
  if (hasToken(id)) return id;
  memory.copy(nextTokenBytes(), scratch, length);
  return addToken(id, length, true);
}

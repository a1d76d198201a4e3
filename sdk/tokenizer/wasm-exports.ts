import { GptletError } from '../api/errors.ts';

/** What wasm/tokenizer/index.ts exports; addresses and lengths are in bytes. The other exports are its state. */
export interface TokenizerExports {
  memory: WebAssembly.Memory;
  stage(vocabLength: number, mergesLength: number): number;
  buildVocabulary(
    vocabLength: number,
    mergesLength: number,
    idLimit: number,
    extraBytes: number,
    byteLevel: boolean,
  ): number;
  buildMerges(mergesLength: number): number;
  finish(keepIndex: boolean): void;
  keyBuffer(): number;
  lookUp(length: number): number;
  addText(id: number, length: number): number;
  setUnknown(id: number): void;
  setPattern(pattern: number, ignoreMerges: boolean): void;
  errorPosition(): number;
  errorToken(): number;
  errorLine(): number;
  missingSymbol(): number;
  prepare(capacity: number): number;
  resize(capacity: number): number;
  inputAt(): number;
  outputAt(): number;
  startsAt(): number;
  inputCapacity(): number;
  encode(length: number, final: boolean, limit: number, withStarts: boolean): number;
  encodeGpt1(length: number, limit: number, withStarts: boolean): number;
  clean(length: number): number;
  consumedBytes(): number;
  keepRest(length: number): number;
  startsToUnits(count: number, bytes: number): number;
  decode(count: number, kept: number): number;
  decodedIds(): number;
  hasToken(id: number): number;
  classOf(codePoint: number): number;
  idLimit: WebAssembly.Global;
  sealed: WebAssembly.Global;
}

/** Bytes of text that one call into the module takes at first; it grows for longer words. */
export const firstCapacity: number = 3 << 16;

/** A fresh instance. */
export function instantiate(module: WebAssembly.Module): TokenizerExports {
  return new WebAssembly.Instance(module).exports as unknown as TokenizerExports;
}

/** The error for a machine that has no memory left for `what`. */
export function outOfMemory(what: string): GptletError {
  return new GptletError(
    'OUT_OF_MEMORY',
    `There is not enough memory for ${what}; use a shorter text, or free memory first.`,
  );
}

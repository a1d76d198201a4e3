import { GptletError } from '../errors/gptlet-error.ts';

/** What wasm/tokenizer/index.ts exports; addresses and lengths are in bytes. The other exports are its state. */
export interface TokenizerExports {
  memory: WebAssembly.Memory;
  stageFiles(idLimit: number, poolBytes: number, lines: number, fileBytes: number, spelling: number | boolean): number;
  addTokens(text: number, ids: number, count: number): number;
  addMerges(start: number, end: number): number;
  rankTokens(ids: number, count: number): number;
  lookUp(text: number, length: number): number;
  addText(id: number, text: number, length: number): number;
  finishTables(keepIndex: boolean): void;
  setUnknown(id: number): void;
  setPattern(pattern: number, ignoreMerges: boolean): void;
  prepareBuffers(capacity: number): number;
  resizeInput(capacity: number): number;
  encodeInput(length: number, final: boolean, limit: number, withStarts: boolean): number;
  keepRest(length: number): number;
  startsToUnits(count: number): number;
  cleanInput(length: number, marks: boolean): number;
  decodeIds(count: number, kept: number): number;
  classOf(codePoint: number): number;
  stageJson(length: number): number;
  cutJson(length: number): number;
  inputAt: WebAssembly.Global<'i32'>;
  outputAt: WebAssembly.Global<'i32'>;
  startsOut: WebAssembly.Global<'i32'>;
  capacity: WebAssembly.Global<'i32'>;
  decodedIds: WebAssembly.Global<'i32'>;
  idLimit: WebAssembly.Global<'i32'>;
  sealed: WebAssembly.Global<'i32'>;
}

/** Bytes of text that one call into the module takes at first; it grows for longer words. */
export const firstCapacity: number = 3 << 16;

/** A fresh instance. */
export function instantiate(module: WebAssembly.Module): TokenizerExports {
  return new WebAssembly.Instance(module).exports as unknown as TokenizerExports;
}

/** The error for a machine that has no memory left for `what`. */
export function outOfMemory(what: string): GptletError {
  return new GptletError('OUT_OF_MEMORY', `There is not enough memory for ${what}; use a shorter text or free memory.`);
}

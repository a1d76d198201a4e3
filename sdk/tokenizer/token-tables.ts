import { fail, quote } from './parse-json.ts';
import type { Vocabulary } from './scan-vocabulary.ts';
import type { TokenizerExports } from './wasm-exports.ts';

/** Tokens and merges as wasm/tokenizer/build.ts reads them. */
export interface TokenTables {
  /** UTF-8, with a zero byte behind each token. */
  readonly texts: Uint8Array;
  readonly ids: Uint32Array;
  /** Best first, each two tokens with a space between; with zero bytes between them. */
  readonly merges: Uint8Array;
  readonly mergeCount: number;
  /** Adds merges that no list has, once the tokens are read; `free` is where it may write. */
  readonly addMerges?: (wasm: TokenizerExports, free: number) => void;
}

/** Ids and the numbers of merges lie below. */
export const most = 0x1fffff;

/** Packs a vocabulary and merges; empty ones are none. @throws GptletError BAD_TOKENIZER for an id that is none */
export function packTables({ tokens, ids }: Vocabulary, merges: readonly unknown[]): TokenTables {
  const encoder = new TextEncoder();
  tokens.forEach((token, i) => {
    const id = ids[i] as number;
    // What is no whole number, or below zero, changes when it is taken for an unsigned one.
    if (id >>> 0 !== id || id >= most || token.includes('\0'))
      fail(`The vocabulary gives ${quote(token)} the id ${quote(id)}; an id is a whole number below ${most}.`);
  });
  return {
    texts: encoder.encode(`${tokens.join('\0')}\0`),
    ids: new Uint32Array(ids as ArrayLike<number>),
    merges: encoder.encode(merges.join('\0')),
    mergeCount: merges.length,
  };
}

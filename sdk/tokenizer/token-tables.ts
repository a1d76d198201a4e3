import { fail, quote } from './parse-json.ts';
import type { Vocabulary } from './scan-vocabulary.ts';

/** Tokens and merges as wasm/tokenizer/build.ts reads them. */
export interface TokenTables {
  /** UTF-8, with a zero byte behind each token. */
  readonly texts: Uint8Array;
  readonly ids: Uint32Array;
  /** Best first, each two tokens with a space between, and `lineEnd` behind it: \n as in merges.txt, or a zero byte. */
  readonly merges: Uint8Array;
  readonly mergeCount: number;
  readonly lineEnd: number;
  /** Ids, best first, where there are no merges: tokens that merge from any two that spell them. */
  readonly ranked?: Uint32Array;
}

/** Ids and the numbers of merges lie below. */
export const most = 0x1fffff;

/** Packs a vocabulary, and merges that end with line feeds (merges.txt) or are a list. @throws GptletError BAD_TOKENIZER for an id that is none */
export function packTables({ tokens, ids }: Vocabulary, merges: string | readonly string[]): TokenTables {
  const encoder = new TextEncoder();
  for (const [i, token] of tokens.entries()) {
    const id = ids[i] as number;
    // What is no whole number, or below zero, changes when it is taken for an unsigned one.
    if (id >>> 0 !== id || id >= most || token.includes('\0'))
      fail(`The vocabulary gives ${quote(token)} the id ${quote(id)}; an id is a whole number below ${most}.`);
  }
  const isFile = typeof merges === 'string';
  return {
    texts: encoder.encode(`${tokens.join('\0')}\0`),
    ids: Uint32Array.from(ids as ArrayLike<number>),
    merges: encoder.encode(isFile ? merges : merges.map((merge) => `${merge}\0`).join('')),
    mergeCount: (isFile ? merges.split('\n') : merges).length,
    lineEnd: isFile ? 10 : 0,
  };
}

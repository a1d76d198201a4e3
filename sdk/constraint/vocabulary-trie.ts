import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** The tokens of a vocabulary by their bytes, as the tables that wasm/constraint reads. */
export interface VocabularyTrie {
  readonly vocabSize: number;
  /** Bytes of every token as a string of char codes 0 … 255; empty for special tokens and ids without text. */
  readonly tokenBytes: readonly string[];
  /** Per node in preorder: byte, depth, node after the subtree; and where its tokens begin in `tokens`. */
  readonly bytes: Uint8Array;
  readonly depths: Uint16Array;
  readonly ends: Int32Array;
  readonly first: Int32Array;
  readonly tokens: Uint32Array;
  readonly maxDepth: number;
}

let tries: WeakMap<Tokenizer, VocabularyTrie> | undefined;

/** The trie of a tokenizer's vocabulary, built once per tokenizer. */
export function vocabularyTrie(tokenizer: Tokenizer): VocabularyTrie {
  tries ??= new WeakMap();
  let trie = tries.get(tokenizer);
  if (!trie) {
    trie = buildTrie(readTokens(tokenizer));
    tries.set(tokenizer, trie);
  }
  return trie;
}

function readTokens(tokenizer: Tokenizer): string[] {
  const special = new Set(tokenizer.specialTokens.values());
  return Array.from({ length: tokenizer.vocabSize }, (_, id) => {
    if (special.has(id)) return '';
    try {
      // Longer than any depth the tables can hold is longer than any constraint will ask for.
      const bytes = tokenizer.decodeBytes([id]);
      return bytes.length > 0xfffe ? '' : binaryString(bytes);
    } catch {
      // An id without a token: a hole in the vocabulary.
      return '';
    }
  });
}

function binaryString(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function buildTrie(tokenBytes: string[]): VocabularyTrie {
  // Strings of char codes 0 … 255 sort by bytes, natively; and sorted means preorder.
  const idsOf = new Map<string, number[]>();
  tokenBytes.forEach((text, id) => {
    const ids = idsOf.get(text);
    if (ids) ids.push(id);
    else if (text !== '') idsOf.set(text, [id]);
  });
  const bytes: number[] = [];
  const depths: number[] = [];
  const ends: number[] = [];
  const first: number[] = [];
  const path: number[] = [];
  let maxDepth = 0;
  let previous = '';
  const tokens: number[] = [];
  for (const text of [...idsOf.keys()].sort()) {
    let shared = 0;
    while (shared < previous.length && shared < text.length && previous.charCodeAt(shared) === text.charCodeAt(shared))
      shared++;
    while (path.length > shared) ends[path.pop() as number] = bytes.length;
    for (let depth = shared; depth < text.length; depth++) {
      path.push(bytes.length);
      bytes.push(text.charCodeAt(depth));
      depths.push(depth);
      ends.push(0);
      first.push(tokens.length);
    }
    tokens.push(...(idsOf.get(text) as number[]));
    previous = text;
    maxDepth = Math.max(maxDepth, text.length);
  }
  while (path.length > 0) ends[path.pop() as number] = bytes.length;
  first.push(tokens.length);
  return {
    vocabSize: tokenBytes.length,
    tokenBytes,
    bytes: Uint8Array.from(bytes),
    depths: Uint16Array.from(depths),
    ends: Int32Array.from(ends),
    first: Int32Array.from(first),
    tokens: Uint32Array.from(tokens),
    maxDepth,
  };
}

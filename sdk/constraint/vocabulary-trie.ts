import type { VocabularyBytes } from './vocabulary-bytes.ts';

/** The tokens of a vocabulary by their bytes, as tables that a walk reads quickly. */
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
  /** Per node: bit `byte & 31` for the byte of every child, so that most subtrees need not be looked at. */
  readonly children: Uint32Array;
}

/** The trie of a vocabulary. */
export function vocabularyTrie(vocabulary: VocabularyBytes): VocabularyTrie {
  const tokenBytes = binaryStrings(vocabulary);
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
  const children: number[] = [];
  let maxDepth = 0;
  let previous = '';
  const tokens: number[] = [];
  for (const text of [...idsOf.keys()].sort()) {
    let shared = 0;
    while (shared < previous.length && shared < text.length && previous.charCodeAt(shared) === text.charCodeAt(shared))
      shared++;
    while (path.length > shared) ends[path.pop() as number] = bytes.length;
    for (let depth = shared; depth < text.length; depth++) {
      if (depth > 0) children[path[depth - 1]] |= 1 << (text.charCodeAt(depth) & 31);
      children.push(0);
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
    children: Uint32Array.from(children, (bits) => bits >>> 0),
  };
}

function binaryStrings({ bytes, ends }: VocabularyBytes): string[] {
  let begin = 0;
  return Array.from(ends, (end) => {
    let text = '';
    for (; begin < end; begin++) text += String.fromCharCode(bytes[begin]);
    return text;
  });
}

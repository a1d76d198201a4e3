import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** The bytes of every token one after the other, and where each one ends; quick to post from one thread to another. */
export interface VocabularyBytes {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Longer than any depth that a trie's tables hold is longer than any constraint will ask for. */
const LONGEST = 0xfffe;

/** What the tokens of a tokenizer write; special tokens and ids without a token write nothing. */
export function vocabularyBytes(tokenizer: Tokenizer): VocabularyBytes {
  const special = new Set(tokenizer.specialTokens.values());
  const tokens = Array.from({ length: tokenizer.vocabSize }, (_, id) => {
    if (special.has(id)) return new Uint8Array();
    try {
      const bytes = tokenizer.decodeBytes([id]);
      return bytes.length > LONGEST ? new Uint8Array() : bytes;
    } catch {
      // An id without a token: a hole in the vocabulary.
      return new Uint8Array();
    }
  });
  const ends = new Uint32Array(tokens.length);
  let end = 0;
  tokens.forEach((token, id) => {
    end += token.length;
    ends[id] = end;
  });
  const bytes = new Uint8Array(end);
  tokens.forEach((token, id) => {
    bytes.set(token, ends[id] - token.length);
  });
  return { bytes, ends };
}

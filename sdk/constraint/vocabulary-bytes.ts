import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** The bytes of every token one after the other, and where each one ends; quick to post from one thread to another. */
export interface VocabularyBytes {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Longer than any depth that a trie's tables hold is longer than any constraint will ask for. */
const LONGEST = 0xfffe;

/** What the tokens of a tokenizer write within a text; special tokens and ids without a token write nothing. */
export function vocabularyBytes(tokenizer: Tokenizer): VocabularyBytes {
  const special = new Set(tokenizer.specialTokens.values());
  const ends = new Uint32Array(tokenizer.vocabSize);
  let bytes = new Uint8Array(8 * ends.length);
  let end = 0;
  for (let id = 0; id < ends.length; id++) {
    const token = special.has(id) ? undefined : bytesOf(tokenizer, id);
    if (token && token.length <= LONGEST) {
      if (end + token.length > bytes.length) {
        const larger = new Uint8Array(2 * bytes.length + token.length);
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(token, end);
      end += token.length;
    }
    ends[id] = end;
  }
  return { bytes: bytes.slice(0, end), ends };
}

function bytesOf(tokenizer: Tokenizer, id: number): Uint8Array | undefined {
  try {
    return tokenizer.decodeBytes([id]);
  } catch {
    // An id without a token: a hole in the vocabulary.
    return undefined;
  }
}

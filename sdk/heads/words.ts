import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** A word of a text, and the token that ends it: when that has been read, the model knows the whole word. */
export interface Word {
  /** As `text.slice` takes them. */
  readonly start: number;
  readonly end: number;
  /** Among the tokens of the text alone. */
  readonly token: number;
}

/** What counts as a word: letters and digits together, or other signs together. */
const wordPattern = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]+/gu;

/** The tokens of a text without what its tokenizer puts around it, and its words. Words that end in one token count as one. */
export function wordsOf(
  text: string,
  tokenizer: Tokenizer,
): { readonly tokenIds: Uint32Array; readonly words: readonly Word[] } {
  const bare = { addSpecial: false };
  const starts = tokenizer.offsets(text, bare);
  const words: Word[] = [];
  let token = 0;
  for (const match of text.matchAll(wordPattern)) {
    const end = match.index + match[0].length;
    while (token + 1 < starts.length && starts[token + 1] < end) token++;
    const before = words.at(-1);
    if (before?.token === token) words[words.length - 1] = { ...before, end };
    else words.push({ start: match.index, end, token });
  }
  return { tokenIds: tokenizer.encode(text, bare), words };
}

/** File name → contents, as in a hub repository. */
export type TokenizerFiles = Partial<
  Record<'tokenizer.json' | 'vocab.json' | 'merges.txt' | 'tokenizer_config.json' | 'special_tokens_map.json', string | Uint8Array>
>;

/** Turns ids into text piece by piece; never gives half a character. */
export interface StreamDecoder {
  /** The text that became complete with this token, often empty inside a multi-byte character. */
  push(tokenId: number): string;
  /** What is left, with U+FFFD for an unfinished character. */
  flush(): string;
}

/** Text to token ids and back. Everything is synchronous. */
export interface Tokenizer {
  readonly vocabSize: number;
  readonly specialTokens: ReadonlyMap<string, number>;
  /** Special tokens are plain text unless allowed. @default allowSpecial false */
  encode(text: string, options?: { allowSpecial?: boolean | string[] }): Uint32Array;
  /** Number of tokens of `text`, without building them. */
  count(text: string): number;
  /** Whether `text` has at most `limit` tokens; stops as soon as it has more. */
  isWithinLimit(text: string, limit: number): boolean;
  /** @throws GptletError INVALID_OPTION for an id outside the vocabulary. */
  decode(tokenIds: ArrayLike<number>, options?: { skipSpecial?: boolean }): string;
  decodeBytes(tokenIds: ArrayLike<number>): Uint8Array;
  decoder(): StreamDecoder;
  /** UTF-16 start of every token in `text`. */
  offsets(text: string): Uint32Array;
}

/** File name → contents, as in a hub repository. */
export type TokenizerFiles = Partial<
  Record<
    'tokenizer.json' | 'vocab.json' | 'merges.txt' | 'tokenizer_config.json' | 'special_tokens_map.json',
    string | Uint8Array
  >
>;

/**
 * How text becomes pieces before merging. `gpt1`: lower-cased words with an end mark. The others work on
 * bytes and differ in their split pattern: `gpt2` (GPT-2, GPT-3, GPT-Neo), `cl100k` (GPT-4, Llama 3),
 * `o200k` (GPT-4o), `qwen2` (cl100k with single digits), `none` (the whole text is one piece).
 */
export type TokenizerKind = 'gpt1' | 'gpt2' | 'cl100k' | 'o200k' | 'qwen2' | 'none';

/** Turns ids into text piece by piece; never gives half a character. */
export interface StreamDecoder {
  /** The text that became complete with this token, often empty inside a multi-byte character. */
  push(tokenId: number): string;
  /** What is left, with U+FFFD for an unfinished character. */
  flush(): string;
}

/** Text to token ids and back. Everything is synchronous. */
export interface Tokenizer {
  /** Number of ids, added tokens included: the highest id plus one. */
  readonly vocabSize: number;
  /** How text is split; see {@link TokenizerKind}. */
  readonly kind: TokenizerKind;
  /** Text of every special token → its id. */
  readonly specialTokens: ReadonlyMap<string, number>;
  /**
   * Special tokens are plain text unless allowed: all of them (`true`) or those listed. Nothing is added
   * before or after the text. Lone surrogates count as U+FFFD.
   * @default allowSpecial false
   * @throws GptletError INVALID_OPTION when `allowSpecial` lists a text that is no special token.
   */
  encode(text: string, options?: { allowSpecial?: boolean | string[] }): Uint32Array;
  /** Number of tokens of `text`, without building them. */
  count(text: string): number;
  /** Whether `text` has at most `limit` tokens; stops as soon as it has more. */
  isWithinLimit(text: string, limit: number): boolean;
  /** @throws GptletError INVALID_OPTION for an id outside the vocabulary. */
  decode(tokenIds: ArrayLike<number>, options?: { skipSpecial?: boolean }): string;
  /** The bytes that the ids stand for; not always whole characters. */
  decodeBytes(tokenIds: ArrayLike<number>): Uint8Array;
  /** Decodes ids as they come; what it gives, joined, is what `decode` gives for all of them. */
  decoder(): StreamDecoder;
  /** UTF-16 start of every token in `text`; a token that starts within a character has the character's. */
  offsets(text: string): Uint32Array;
  /** `encode` of every text. */
  encodeBatch(texts: readonly string[], options?: { allowSpecial?: boolean | string[] }): Uint32Array[];
  /** `decode` of every list of ids. */
  decodeBatch(batch: readonly ArrayLike<number>[], options?: { skipSpecial?: boolean }): string[];
}

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
 * `o200k` (GPT-4o), `qwen2` (cl100k with single digits), `none` (the whole text is one piece), `regex` (as the
 * regular expressions of tokenizer.json cut it, which the platform runs: slower). `sentencepiece` (Llama 2, Mistral,
 * Gemma) works on characters of the whole text, a blank among them, and on the bytes of those that it does not know.
 */
export type TokenizerKind = 'gpt1' | 'gpt2' | 'cl100k' | 'o200k' | 'qwen2' | 'regex' | 'none' | 'sentencepiece';

/** How a text is read. */
export interface EncodeOptions {
  /** Special tokens in the text are plain text unless allowed: all of them (`true`) or those listed. @default false */
  allowSpecial?: boolean | string[];
  /**
   * Whether the tokens are added that the tokenizer's files put around a text ({@link Tokenizer.template}), but for
   * those that the text itself begins or ends with. @default true
   */
  addSpecial?: boolean;
  /**
   * Whether the text goes on from another: tokenizers that put a space before a text, such as Llama 2's, put none before
   * it. For what is joined to a prompt by its ids. @default false
   */
  continues?: boolean;
}

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
   * Ids that the tokenizer's files put before a text, between the two of a pair, and after: a begin-of-text token for
   * Llama, none for GPT-2.
   */
  readonly template: {
    readonly before: readonly number[];
    readonly between: readonly number[];
    readonly after: readonly number[];
  };
  /**
   * The ids of a text. Lone surrogates count as U+FFFD.
   * @throws GptletError INVALID_OPTION when `allowSpecial` lists a text that is no special token.
   */
  encode(text: string, options?: EncodeOptions): Uint32Array;
  /** Number of tokens that `encode` gives, without building them. */
  count(text: string, options?: EncodeOptions): number;
  /** Whether `encode` gives at most `limit` tokens; stops as soon as there are more. */
  isWithinLimit(text: string, limit: number, options?: EncodeOptions): boolean;
  /** @throws GptletError INVALID_OPTION for an id outside the vocabulary. */
  decode(tokenIds: ArrayLike<number>, options?: { skipSpecial?: boolean }): string;
  /** The bytes that the ids stand for within a text, with the space of its first word; not always whole characters. */
  decodeBytes(tokenIds: ArrayLike<number>): Uint8Array;
  /** Decodes ids as they come; what it gives, joined, is what `decode` gives for all of them. */
  decoder(): StreamDecoder;
  /**
   * UTF-16 start in `text` of every token that `encode` gives; a token that starts within a character has the
   * character's, one that is added before the text 0, one after it the text's length.
   */
  offsets(text: string, options?: EncodeOptions): Uint32Array;
  /** `encode` of every text. */
  encodeBatch(texts: readonly string[], options?: EncodeOptions): Uint32Array[];
  /** `decode` of every list of ids. */
  decodeBatch(batch: readonly ArrayLike<number>[], options?: { skipSpecial?: boolean }): string[];
}

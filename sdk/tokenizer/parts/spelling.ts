/** How a vocabulary of texts is spelled and used, as flags of a {@link TokenizerPlan}'s `spelling`; wasm/tokenizer/token-key.ts has the same numbers. */
export const TEXT = 2;
/** A character without a token is the tokens of its bytes, `<0x00>` to `<0xFF>`. */
export const BYTE_FALLBACK = 4;
/** Unknown characters in a row are one unknown token. */
export const FUSE_UNKNOWN = 8;
/** Nothing merges across a blank: each begins a piece. */
export const CUT_BLANKS = 16;

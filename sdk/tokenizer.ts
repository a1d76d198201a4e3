export { createTokenizer } from './tokenizer/create-tokenizer.ts';
export type { EncodeOptions, StreamDecoder, Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer/tokenizer.ts';

export { createTokenizer } from './tokenizer/create-tokenizer.ts';
export type { StreamDecoder, Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer/tokenizer.ts';

export { createTokenizer } from './create-tokenizer.ts';
export type { StreamDecoder, Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer.ts';

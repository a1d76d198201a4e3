import { Tokenizer } from '@huggingface/tokenizers';
import type { TokenizerFiles } from '../tokenizer.ts';

/** The hub's own JavaScript over the same files; `config` is more of tokenizer_config.json. Its decoding then leaves a text as it is. */
export function hubTokenizer(files: TokenizerFiles, config: object = {}): Tokenizer {
  const json = JSON.parse(files['tokenizer.json'] as string);
  const parts = { decoder: null, post_processor: null, pre_tokenizer: null, normalizer: null, ...json };
  const given = JSON.parse((files['tokenizer_config.json'] as string | undefined) ?? '{}');
  return new Tokenizer(parts, { ...given, ...config, clean_up_tokenization_spaces: false });
}

/** The ids that the hub's own JavaScript gives, special tokens in the text found: `encode` with `allowSpecial: true`. */
export function hubEncoder(files: TokenizerFiles): (text: string, addSpecial?: boolean) => number[] {
  const hub = hubTokenizer(files);
  return (text, addSpecial = true) => hub.encode(wellFormed(text), { add_special_tokens: addSpecial }).ids;
}

/** Lone surrogates as UTF-8 has them. */
export const wellFormed = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));

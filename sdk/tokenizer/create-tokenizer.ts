import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { tokenizerFiles } from '../options/kinds.ts';
import { tokenizerOptions } from '../options/table.ts';
import { buildTokenizer } from './build-tokenizer.ts';
import { rareTokenizers } from './import-rare-tokenizers.ts';
import type { Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer.ts';

/**
 * Makes a tokenizer from a model's own files: `tokenizer.json`, or `vocab.json` and `merges.txt`, with
 * `tokenizer_config.json` and `special_tokens_map.json` where there are such. Afterwards everything is
 * synchronous, in a page, a worker or Node.
 *
 * @param files File name → contents, as in a hub repository.
 * @param options `kind` overrides how text is split; by default the files tell.
 * @throws GptletError BAD_TOKENIZER for files that are broken, contradict each other, or ask for steps that
 * gptlet does not know; INVALID_OPTION for wrong arguments.
 * @example
 * const tokenizer = await createTokenizer({ 'vocab.json': vocabulary, 'merges.txt': merges });
 * tokenizer.decode(tokenizer.encode('Hello, world')); // 'Hello, world'
 */
export async function createTokenizer(
  files: TokenizerFiles,
  options: { kind?: Exclude<TokenizerKind, 'regex' | 'sentencepiece'> } = {},
): Promise<Tokenizer> {
  checkArgument('files', files, tokenizerFiles);
  const { kind } = checkOptions(tokenizerOptions(), options);
  return buildTokenizer(files, kind, rareTokenizers);
}

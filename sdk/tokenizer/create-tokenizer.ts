import { buildTables } from './build-tables.ts';
import { readFiles } from './read-files.ts';
import type { Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer.ts';
import { tokenizerModule } from './tokenizer-module.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

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
export async function createTokenizer(files: TokenizerFiles, options?: { kind?: TokenizerKind }): Promise<Tokenizer> {
  // Bad files are found before anything is compiled.
  const definition = readFiles(files, options ?? {});
  const module = await tokenizerModule(definition);
  const { wasm, settings } = buildTables(module, definition);
  return new WasmTokenizer(module, wasm, settings);
}

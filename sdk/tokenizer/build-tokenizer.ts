import { buildTables } from './build-tables.ts';
import { type LoadRareText, needsRareText } from './needs-rare-text.ts';
import { readFiles } from './read-files.ts';
import type { Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer.ts';
import { type LoadEveryKind, tokenizerModule } from './tokenizer-module.ts';
import type { ReadParts } from './tokenizer-parts.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

/** What few tokenizers need. */
export interface RareTokenizers {
  readonly loadEveryKind: LoadEveryKind;
  readonly readTokenizerParts: ReadParts;
  readonly loadRareText: LoadRareText;
}

/**
 * Makes a tokenizer of what its files say; `kind` overrides how they split text.
 * @throws GptletError BAD_TOKENIZER, UNSUPPORTED_PLATFORM
 */
export async function buildTokenizer(
  files: TokenizerFiles,
  kind: TokenizerKind | undefined,
  { loadEveryKind, readTokenizerParts, loadRareText }: RareTokenizers,
): Promise<Tokenizer> {
  const definition = await readFiles(files, kind, readTokenizerParts);
  const module = await tokenizerModule(definition, loadEveryKind);
  const { wasm, settings } = buildTables(module, definition);
  return new WasmTokenizer(module, wasm, settings, needsRareText(settings) ? await loadRareText() : undefined);
}

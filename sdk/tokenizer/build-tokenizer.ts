import { buildTables } from './build-tables.ts';
import { needsRareText } from './needs-rare-text.ts';
import type { RareTokenizers } from './rare-tokenizers.ts';
import { readFiles } from './read-files.ts';
import type { Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';
import { tokenizerModule } from './tokenizer-module.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

/**
 * Makes a tokenizer of what its files say; `kind` overrides how they split text.
 * @throws GptletError BAD_TOKENIZER, UNSUPPORTED_PLATFORM
 */
export async function buildTokenizer(
  files: TokenizerFiles,
  kind: TokenizerKind | undefined,
  rare: RareTokenizers,
): Promise<Tokenizer> {
  return tokenizerOf(await readFiles(files, kind, rare), rare);
}

/** Makes the tokenizer that a definition says. @throws GptletError BAD_TOKENIZER, UNSUPPORTED_PLATFORM */
export async function tokenizerOf(
  definition: TokenizerDefinition,
  { loadEveryKind, loadRareText }: RareTokenizers,
): Promise<Tokenizer> {
  const { kind, normalization } = definition;
  const everyKind = ['gpt1', 'o200k', 'sentencepiece'].includes(kind) || normalization.length > 0;
  const module = await tokenizerModule(everyKind, loadEveryKind);
  const { wasm, settings } = buildTables(module, definition);
  return new WasmTokenizer(module, wasm, settings, needsRareText(settings) ? await loadRareText() : undefined);
}

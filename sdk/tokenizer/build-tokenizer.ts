import { buildTables } from './build-tables.ts';
import { needsRareText } from './needs-rare-text.ts';
import type { RareTokenizers } from './rare-tokenizers.ts';
import { readFiles } from './read-files.ts';
import type { ReadModel } from './read-tokenizer-json.ts';
import type { Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer.ts';
import { tokenizerModule } from './tokenizer-module.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

/**
 * Makes a tokenizer of what its files say, or of a model that is none of them and what else they say; `kind` overrides how
 * they split text.
 * @throws GptletError BAD_TOKENIZER, UNSUPPORTED_PLATFORM
 */
export async function buildTokenizer(
  files: TokenizerFiles,
  kind: TokenizerKind | undefined,
  rare: RareTokenizers,
  given?: ReadModel,
): Promise<Tokenizer> {
  const definition = await readFiles(files, kind, rare, given);
  const module = await tokenizerModule(definition, rare.loadEveryKind);
  const { wasm, settings } = buildTables(module, definition);
  return new WasmTokenizer(module, wasm, settings, needsRareText(settings) ? await rare.loadRareText() : undefined);
}

import { buildTables } from './build-tables.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';
import { type LoadEveryKind, tokenizerModule } from './tokenizer-module.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

/** Makes a tokenizer of what its files say. @throws GptletError BAD_TOKENIZER, UNSUPPORTED_PLATFORM */
export async function buildTokenizer(
  definition: TokenizerDefinition,
  loadEveryKind: LoadEveryKind,
): Promise<Tokenizer> {
  const module = await tokenizerModule(definition, loadEveryKind);
  const { wasm, settings } = buildTables(module, definition);
  return new WasmTokenizer(module, wasm, settings);
}

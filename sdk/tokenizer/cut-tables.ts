import type { TokenTables } from './token-tables.ts';
import { type LoadEveryKind, tokenizerModule } from './tokenizer-module.ts';
import { instantiate } from './wasm-exports.ts';

/**
 * Takes the tables out of a large tokenizer.json; `rest` is JSON without them. Undefined where the file is not as the hub
 * writes it, or memory is short: reading it in the ordinary way then finds the words for it.
 */
export async function cutTables(
  content: string | Uint8Array,
  loadEveryKind: LoadEveryKind,
): Promise<{ rest: Uint8Array; tables: TokenTables } | undefined> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const wasm = instantiate(await tokenizerModule({ kind: 'o200k', normalization: [] }, loadEveryKind));
  const at = wasm.stageJson(bytes.length);
  if (!at) return undefined;
  const { buffer } = wasm.memory;
  new Uint8Array(buffer).set(bytes, at);
  const result = wasm.cutJson(bytes.length);
  if (!result) return undefined;
  // Words as wasm/tokenizer/cut-json.ts numbers them.
  const words = new Uint32Array(buffer, result, 9);
  const part = (word: number): Uint8Array => new Uint8Array(buffer, words[word], words[word + 1] - words[word]);
  const ids = new Uint32Array(buffer, words[7], words[8]);
  return { rest: part(0), tables: { texts: part(2), ids, merges: part(4), mergeCount: words[6] } };
}

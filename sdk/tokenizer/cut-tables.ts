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
  const wasm = instantiate(await tokenizerModule(true, loadEveryKind));
  const at = wasm.stageJson(bytes.length);
  if (!at) return undefined;
  const { buffer } = wasm.memory;
  new Uint8Array(buffer).set(bytes, at);
  const result = wasm.cutJson(bytes.length);
  if (!result) return undefined;
  // In the order of wasm/tokenizer/cut-json.ts.
  const [restEnd, texts, textsEnd, ids, tokenCount, merges, mergesEnd, mergeCount] = new Uint32Array(buffer, result, 8);
  return {
    rest: new Uint8Array(buffer, at, restEnd - at),
    tables: {
      texts: new Uint8Array(buffer, texts, textsEnd - texts),
      ids: new Uint32Array(buffer, ids, tokenCount),
      merges: new Uint8Array(buffer, merges, mergesEnd - merges),
      mergeCount,
      lineEnd: 0,
    },
  };
}

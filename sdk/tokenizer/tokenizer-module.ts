import { compileModule } from '../platform/compile-module.ts';
import { unpackBytes } from '../platform/unpack-bytes.ts';
import { commonKinds, kinds } from './split-pattern.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';
import { tokenizerWasm } from './tokenizer-wasm.gen.ts';

/** Gives the bytes of the module for every kind. */
export type LoadEveryKind = () => Promise<Uint8Array<ArrayBuffer>>;

const compiled = new Map<boolean, WebAssembly.Module>();

/**
 * The module for a tokenizer, compiled once for this thread: the one for every kind where the common one does not do
 * (wasm/tokenizer/variant.ts).
 * @throws GptletError UNSUPPORTED_PLATFORM
 */
export async function tokenizerModule(
  { kind, normalization }: Pick<TokenizerDefinition, 'kind' | 'normalization'>,
  loadEveryKind: LoadEveryKind,
): Promise<WebAssembly.Module> {
  const everyKind = kinds.indexOf(kind) >= commonKinds || normalization.length > 0;
  const known = compiled.get(everyKind);
  if (known) return known;
  const bytes = everyKind ? await loadEveryKind() : unpackBytes(tokenizerWasm);
  const module = await compileModule(bytes, 'tokenizer');
  compiled.set(everyKind, module);
  return module;
}

import { compileModule } from '../platform/compile-module.ts';
import { unpackBytes } from '../platform/unpack-bytes.ts';
import { tokenizerWasm } from './tokenizer-wasm.gen.ts';

/** Gives the bytes of the module for every kind. */
export type LoadEveryKind = () => Promise<Uint8Array<ArrayBuffer>>;

const compiled = new Map<boolean, WebAssembly.Module>();

/**
 * The common module, or the one for every kind (wasm/tokenizer/variant.ts), compiled once for this thread.
 * @throws GptletError UNSUPPORTED_PLATFORM
 */
export async function tokenizerModule(everyKind: boolean, loadEveryKind: LoadEveryKind): Promise<WebAssembly.Module> {
  const known = compiled.get(everyKind);
  if (known) return known;
  const bytes = everyKind ? await loadEveryKind() : unpackBytes(tokenizerWasm);
  const module = await compileModule(bytes, 'tokenizer');
  compiled.set(everyKind, module);
  return module;
}

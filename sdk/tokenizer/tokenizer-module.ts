import { GptletError } from '../errors/gptlet-error.ts';
import { unpackBytes } from '../platform/unpack-bytes.ts';
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
  const everyKind = kind === 'gpt1' || kind === 'o200k' || normalization.length > 0;
  const known = compiled.get(everyKind);
  if (known) return known;
  const bytes = everyKind ? await loadEveryKind() : unpackBytes(tokenizerWasm);
  try {
    const module = await WebAssembly.compile(bytes);
    compiled.set(everyKind, module);
    return module;
  } catch (cause) {
    throw new GptletError(
      'UNSUPPORTED_PLATFORM',
      `The tokenizer's WebAssembly does not compile here (${String(cause)}); it needs SIMD (Chrome 91, Firefox 89, Safari 16.4), and 'wasm-unsafe-eval' where a Content-Security-Policy is set.`,
      { cause },
    );
  }
}

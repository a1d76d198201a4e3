import { GptletError } from '../api/errors.ts';
import { unpackBytes } from '../wasm-module/unpack-bytes.ts';
import { tokenizerWasm } from './tokenizer-wasm.gen.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The tokenizer's module, compiled once for this thread. @throws GptletError UNSUPPORTED_PLATFORM */
export async function tokenizerModule(): Promise<WebAssembly.Module> {
  try {
    compiled ??= WebAssembly.compile(unpackBytes(tokenizerWasm));
    return await compiled;
  } catch (cause) {
    // A failure must not stick: the next call tries again.
    compiled = undefined;
    throw new GptletError(
      'UNSUPPORTED_PLATFORM',
      `The tokenizer's WebAssembly does not compile here (${String(cause)}); it needs SIMD (Chrome 91, Firefox 89, Safari 16.4), and 'wasm-unsafe-eval' where a Content-Security-Policy is set.`,
      { cause },
    );
  }
}

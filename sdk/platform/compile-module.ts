import { GptletError } from '../errors/gptlet-error.ts';

/** Compiles one of the package's WebAssembly modules. @throws GptletError UNSUPPORTED_PLATFORM, naming what it is for */
export async function compileModule(bytes: Uint8Array<ArrayBuffer>, what: string): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new GptletError(
      'UNSUPPORTED_PLATFORM',
      `The ${what}'s WebAssembly does not compile here (${cause}); it needs SIMD (Chrome 91, Firefox 89, Safari 16.4), and 'wasm-unsafe-eval' in a Content-Security-Policy.`,
      { cause },
    );
  }
}

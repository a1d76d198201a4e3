import { unpackBytes } from '../platform/unpack-bytes.ts';

/** The bytes of the module for every kind of tokenizer, loaded for the first that needs it. */
export async function importEveryKind(): Promise<Uint8Array<ArrayBuffer>> {
  const { everyKindWasm } = await import('./every-kind-wasm.gen.ts');
  return unpackBytes(everyKindWasm);
}

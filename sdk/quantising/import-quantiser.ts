import { unpackBytes } from '../platform/unpack-bytes.ts';
import type { LoadQuantiser } from './row-quantiser.ts';

/** The module that quantises, loaded when it is first needed. */
export const importQuantiser: LoadQuantiser = async () =>
  unpackBytes((await import('./quantising-wasm.gen.ts')).quantisingWasm);
